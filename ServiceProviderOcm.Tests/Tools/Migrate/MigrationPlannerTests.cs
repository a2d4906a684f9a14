using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Tools.Migrate;

namespace ServiceProviderOcm.Tests.Tools.Migrate;

/// <summary>What is next in a migration, by what exists.</summary>
public sealed class MigrationPlannerTests
{
    private static readonly Identity From = new(new ProviderApi(ProviderApi.RenamedGroup), "ocm", "system");
    private static readonly Identity To = From with { Api = new ProviderApi(ProviderApi.DefaultGroup) };
    private static readonly ObjectKey Ocm = new("project-a", "mcp-01");
    private static readonly string Tenant = PlatformNames.TenantNamespace(Ocm.Namespace, Ocm.Name);

    private static readonly JsonObject Marked = new()
    {
        [Operation.Annotation] = "ignore",
        [ObjectNames.MigrationAnnotation(From.Api)] = MigrationMarks.MovesTo(To.Api),
    };

    private static readonly JsonObject Moving = new()
    {
        [Operation.Annotation] = "ignore",
        [ObjectNames.MigrationAnnotation(From.Api)] = MigrationMarks.MovesTo(To.Api, "u"),
    };

    private static readonly JsonObject Held = new()
    {
        [Operation.Annotation] = "ignore",
        [ObjectNames.MigrationAnnotation(To.Api)] = MigrationMarks.ComesFrom(From.Api, isHeld: true),
    };

    private static readonly JsonObject Arrived = new() { [ObjectNames.MigrationAnnotation(To.Api)] = MigrationMarks.ComesFrom(From.Api) };

    private static readonly TenantObjects Installed = new(Ocm)
    {
        Old = Of("OCM", Ocm.Name, Ocm.Namespace, finalizer: From.Api.Finalizer),
        OldAccess = Access(From.Api),
        HelmRelease = Flux("HelmRelease", From.Api, ObjectNames.AccessRequest(From.Api, Ocm.Name)),
        OciRepository = WrittenByProvider(Flux("OCIRepository", null, null)),
    };

    private static readonly TenantObjects Copied = Installed with
    {
        Old = Of("OCM", Ocm.Name, Ocm.Namespace, Moving, From.Api.Finalizer),
        OldAccess = Access(From.Api, Marked),
        New = Of("OCM", Ocm.Name, Ocm.Namespace, Arrived, To.Api.Finalizer, ready: "False"),
        NewAccess = Access(To.Api),
        HelmRelease = Flux("HelmRelease", To.Api, ObjectNames.AccessRequest(From.Api, Ocm.Name)),
        OciRepository = Flux("OCIRepository", To.Api, null),
    };

    private static readonly TenantObjects Ready = Copied with
    {
        New = Of("OCM", Ocm.Name, Ocm.Namespace, Arrived, To.Api.Finalizer, ready: "True"),
        HelmRelease = Flux("HelmRelease", To.Api, ObjectNames.AccessRequest(To.Api, Ocm.Name)),
    };

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case("installed", Installed, MigrationState.Copying, [
            "patch AccessRequest", "patch OCM", "apply OCM", "apply AccessRequest", "patch OCIRepository", "patch HelmRelease"]);
        yield return Case("marked", Installed with { Old = MarkedOnly, OldAccess = Copied.OldAccess }, MigrationState.Copying, [
            "apply OCM", "apply AccessRequest", "patch OCIRepository", "patch HelmRelease"]);
        yield return Case(
            "copied, and the copy is held",
            Copied with { Old = MarkedOnly, New = Of("OCM", Ocm.Name, Ocm.Namespace, Held, To.Api.Finalizer) },
            MigrationState.Copying,
            ["patch OCM", "patch OCM"]);
        yield return Case(
            "the uid of the copy is written, and the copy is held",
            Copied with { New = Of("OCM", Ocm.Name, Ocm.Namespace, Held, To.Api.Finalizer) },
            MigrationState.Copying,
            ["patch OCM"]);
        yield return Case(
            "the held copy is deleted",
            Installed with { Old = MarkedOnly, OldAccess = Copied.OldAccess, New = Of("OCM", Ocm.Name, Ocm.Namespace, Held, To.Api.Finalizer, isBeingDeleted: true) },
            MigrationState.Deleting,
            ["delete OCM", "apply AccessRequest", "patch OCIRepository", "patch HelmRelease", "patch OCM"]);
        yield return Case(
            "the held copy is deleted, and objects on the control plane are not known",
            Copied with { New = DeletedHeld, ControlPlaneError = "timeout." },
            MigrationState.Blocked,
            []);
        yield return Case(
            "the old OCM is deleted, the copy is held, and objects on the control plane are not known",
            Copied with { Old = Deleted, New = Of("OCM", Ocm.Name, Ocm.Namespace, Held, To.Api.Finalizer), ControlPlaneError = "timeout." },
            MigrationState.Blocked,
            []);
        yield return Case(
            "the held copy is deleted, and the HelmRelease is foreign",
            Copied with { New = DeletedHeld, HelmRelease = Flux("HelmRelease", null, "x") },
            MigrationState.Blocked,
            []);
        yield return Case(
            "the copy is held, and the control plane has an object of the old group",
            Copied with { New = Of("OCM", Ocm.Name, Ocm.Namespace, Held, To.Api.Finalizer), ControlPlaneObjects = [(Kinds.Secret, PlacedSecret)] },
            MigrationState.Copying,
            ["patch Secret", "patch OCM"]);
        yield return Case(
            "the copy that is not held is deleted, and the control plane has an object of the old group",
            Copied with { New = DeletedArrived, ControlPlaneObjects = [(Kinds.Secret, PlacedSecret)] },
            MigrationState.Deleting,
            ["delete OCM", "patch Secret"]);
        yield return Case(
            "the copy was deleted and uninstalled",
            Copied with { New = null, NewAccess = null, HelmRelease = null, OciRepository = null },
            MigrationState.Deleting,
            ["delete AccessRequest", "remove finalizer and delete OCM"]);
        yield return Case(
            "the copy is gone, and something is installed",
            Copied with { New = null },
            MigrationState.Deleting,
            ["delete OCM"]);
        yield return Case(
            "the copy was deleted and created again by a person, with another spec",
            Ready with { Old = Of("OCM", Ocm.Name, Ocm.Namespace, Moved("former"), From.Api.Finalizer), New = Of("OCM", Ocm.Name, Ocm.Namespace, version: "2.0.0") },
            MigrationState.Copying,
            ["patch OCM", "patch OCM"]);
        yield return Case(
            "relabelled by half", Copied with { OciRepository = Installed.OciRepository }, MigrationState.Copying, ["patch OCIRepository"]);
        yield return Case("copied", Copied, MigrationState.AwaitingReady, []);
        yield return Case(
            "Ready, but Flux still uses the old access", Ready with { HelmRelease = Copied.HelmRelease }, MigrationState.AwaitingReady, []);
        yield return Case("Ready", Ready, MigrationState.Removing, ["remove finalizer and delete OCM", "delete AccessRequest"]);
        yield return Case(
            "without finalizer",
            Ready with { Old = Of("OCM", Ocm.Name, Ocm.Namespace, Moving) },
            MigrationState.Removing,
            ["delete OCM", "delete AccessRequest"]);
        yield return Case("without the old OCM", Ready with { Old = null }, MigrationState.Removing, ["delete AccessRequest"]);
        yield return Case(
            "the old access waits for its finalizer",
            Ready with { Old = null, OldAccess = Access(From.Api, Moving, isBeingDeleted: true) },
            MigrationState.Removing,
            ["patch AccessRequest"]);
        yield return Case("done", Ready with { Old = null, OldAccess = null }, MigrationState.Done, []);
        yield return Case(
            "never installed",
            new TenantObjects(Ocm) { Old = Installed.Old },
            MigrationState.Copying,
            ["patch OCM", "apply OCM"]);
        yield return Case(
            "a copy with another spec that is not of a migration",
            Installed with { New = Of("OCM", Ocm.Name, Ocm.Namespace, version: "2.0.0") },
            MigrationState.Blocked,
            []);
        yield return Case(
            "ignored by a person",
            Installed with { Old = Of("OCM", Ocm.Name, Ocm.Namespace, new JsonObject { [Operation.Annotation] = "ignore" }, From.Api.Finalizer) },
            MigrationState.Blocked,
            []);
        yield return Case("an unreachable control plane", Installed with { ControlPlaneError = "timeout." }, MigrationState.Blocked, []);
        yield return Case(
            "a foreign HelmRelease",
            Installed with { HelmRelease = Flux("HelmRelease", new ProviderApi("other.example.com"), "x") },
            MigrationState.Blocked,
            []);
        yield return Case(
            "a HelmRelease without labels that another component has written",
            Installed with { HelmRelease = Flux("HelmRelease", null, "x") },
            MigrationState.Blocked,
            []);
        yield return Case(
            "an OCIRepository without labels that another component has written",
            Installed with { OciRepository = Flux("OCIRepository", null, null) },
            MigrationState.Blocked,
            []);
        yield return Case(
            "a HelmRelease that the provider has written, and that names another manager",
            Installed with { HelmRelease = WrittenByProvider(Flux("HelmRelease", new ProviderApi("other.example.com"), "x")) },
            MigrationState.Blocked,
            []);
        yield return Case(
            "deleted before it was marked",
            Installed with { Old = Of("OCM", Ocm.Name, Ocm.Namespace, null, From.Api.Finalizer, isBeingDeleted: true) },
            MigrationState.Deleting,
            []);
        yield return Case(
            "deleted after it was marked",
            Installed with { Old = Deleted },
            MigrationState.Deleting,
            ["patch OCM"]);
        yield return Case("deleted after it was copied", Copied with { Old = Deleted }, MigrationState.Deleting, ["delete OCM"]);
        yield return Case(
            "the copy is deleted",
            Copied with { New = DeletedArrived },
            MigrationState.Deleting,
            ["delete OCM"]);
        yield return Case(
            "uninstalled by the new group",
            new TenantObjects(Ocm) { Old = Deleted, OldAccess = Copied.OldAccess },
            MigrationState.Deleting,
            ["delete AccessRequest", "patch OCM"]);
    }

    private static KubeObject MarkedOnly => Of("OCM", Ocm.Name, Ocm.Namespace, Marked, From.Api.Finalizer);

    private static KubeObject DeletedHeld => Of("OCM", Ocm.Name, Ocm.Namespace, Held, To.Api.Finalizer, isBeingDeleted: true);

    private static KubeObject DeletedArrived => Of("OCM", Ocm.Name, Ocm.Namespace, Arrived, To.Api.Finalizer, isBeingDeleted: true);

    private static KubeObject PlacedSecret => Of("Secret", "registry", ObjectNames.ToolkitNamespace);

    private static JsonObject Moved(string copyUid) => new()
    {
        [Operation.Annotation] = "ignore",
        [ObjectNames.MigrationAnnotation(From.Api)] = MigrationMarks.MovesTo(To.Api, copyUid),
    };

    private static KubeObject Deleted => Of("OCM", Ocm.Name, Ocm.Namespace, Moving, From.Api.Finalizer, isBeingDeleted: true);

    [Test]
    public void An_OCM_whose_copy_is_not_known_has_no_next_step_once_it_is_marked()
    {
        var plan = new MigrationPlanner(From, To).Plan(Copied with { New = null, IsNewUnknown = true });

        Assert.That(plan.State, Is.EqualTo(MigrationState.Copying));
        Assert.That(plan.Steps, Is.Empty);
        Assert.That(plan.Message, Does.Contain($"its copy ({To.Api.Group}), which is not known"));
    }

    [TestCaseSource(nameof(Cases))]
    public void The_plan_continues_from_what_exists(TenantObjects tenant, MigrationState state, string[] steps)
    {
        var plan = new MigrationPlanner(From, To).Plan(tenant);

        Assert.That(plan.State, Is.EqualTo(state), plan.Message);
        Assert.That(plan.Steps.Select(step => step.Description[..step.Description.LastIndexOf(' ')]), Is.EqualTo(steps));
        Assert.That(plan.Message.Length > 0 || steps.Length > 0 || state == MigrationState.Done, Is.True, "each wait has a message");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_old_OCM_is_deleted_in_exactly_the_version_without_its_finalizer(bool hasFinalizer)
    {
        var tenant = hasFinalizer ? Ready : Ready with { Old = Of("OCM", Ocm.Name, Ocm.Namespace, Moving) };

        var delete = new MigrationPlanner(From, To).Plan(tenant).Steps.OfType<DeleteStep>().First();

        Assert.That((delete.IsOfVersion, delete.Before is not null), Is.EqualTo((true, hasFinalizer)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_new_AccessRequest_has_the_configured_permissions_or_else_those_of_the_old_one(bool isConfigured)
    {
        var limited = JsonNode.Parse("""{"roleRefs":[{"kind":"ClusterRole","name":"flux"}]}""")!;
        var old = JsonObject.Create(Access(From.Api).Json)!;
        old["spec"] = new JsonObject { ["token"] = isConfigured ? ControlPlaneAccess.ClusterAdmin.ToJson() : limited.DeepClone() };
        var access = isConfigured ? ControlPlaneAccess.Of(Requesting(limited)) : null;

        var plan = new MigrationPlanner(From, To, access).Plan(Installed with { OldAccess = KubeObject.From(old) });

        var applied = plan.Steps.OfType<ApplyStep>().Single(step => step.Kind == PlatformKinds.AccessRequest).Manifest;
        Assert.That(applied.At("spec", "token")!.Value.GetRawText(), Is.EqualTo(limited.ToJsonString()));

        static KubeObject Requesting(JsonNode token) =>
            KubeObject.From(new JsonObject { ["spec"] = new JsonObject { ["token"] = token.DeepClone() } });
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_new_AccessRequest_records_that_the_old_one_was_not_taken_over_from_the_Go_provider(bool isGos)
    {
        var old = new KubeObject(Access(From.Api).Json, FieldOwnership.None with { IsUpdatedLast = isGos });

        var plan = new MigrationPlanner(From, To).Plan(Installed with { OldAccess = old });

        var applied = plan.Steps.OfType<ApplyStep>().Single(step => step.Kind == PlatformKinds.AccessRequest).Manifest;
        Assert.That(applied.Annotations.ContainsKey(ObjectNames.UnlabelledCopiesAnnotation(To.Api)), Is.EqualTo(isGos));
    }

    private static TestCaseData Case(string name, TenantObjects tenant, MigrationState state, string[] steps) =>
        new TestCaseData(tenant, state, steps).SetArgDisplayNames(name);

    private static KubeObject Access(ProviderApi api, JsonObject? annotations = null, bool isBeingDeleted = false)
    {
        var name = ObjectNames.AccessRequest(api, Ocm.Name);
        var json = JsonObject.Create(Of("AccessRequest", name, Tenant, annotations, ObjectNames.AccessFinalizer, isBeingDeleted: isBeingDeleted).Json)!;
        json["status"] = new JsonObject { ["secretRef"] = new JsonObject { ["name"] = name } };
        return KubeObject.From(json);
    }

    private static KubeObject WrittenByProvider(KubeObject found) =>
        new(found.Json, FieldOwnership.None with { IsWrittenByProvider = true });

    private static KubeObject Flux(string kind, ProviderApi? manager, string? kubeconfig)
    {
        var json = JsonObject.Create(Of(kind, ObjectNames.Flux, Tenant).Json)!;
        if (manager is not null)
        {
            json["metadata"]!["labels"] = new JsonObject
            {
                [ObjectNames.ManagedByLabel] = manager.Group,
                [ObjectNames.AppManagedByLabel] = ObjectNames.AppManagedBy,
            };
        }

        json["spec"] = new JsonObject { ["kubeConfig"] = new JsonObject { ["secretRef"] = new JsonObject { ["name"] = kubeconfig } } };
        return KubeObject.From(json);
    }

    private static KubeObject Of(
        string kind,
        string name,
        string ns,
        JsonObject? annotations = null,
        string? finalizer = null,
        bool isBeingDeleted = false,
        string? ready = null,
        string version = "1.0.0")
    {
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = ns,
            ["uid"] = "u",
            ["resourceVersion"] = "7",
            ["generation"] = 1,
            ["annotations"] = annotations?.DeepClone(),
            ["finalizers"] = finalizer is null ? [] : new JsonArray(finalizer),
        };
        if (isBeingDeleted)
        {
            metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        }

        return KubeObject.From(new JsonObject
        {
            ["kind"] = kind,
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["version"] = version },
            ["status"] = ready is null ? null : new JsonObject
            {
                ["observedGeneration"] = 1,
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready, ["message"] = "why" }),
            },
        });
    }
}
