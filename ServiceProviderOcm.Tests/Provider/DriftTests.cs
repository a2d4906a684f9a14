using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Tests.Worlds;

namespace ServiceProviderOcm.Tests.Provider;

[Category("RealServer")]
public sealed class DriftTests
{
    private static readonly (string Path, ResourceKind Kind, string Edit)[] Edits =
    [
        ("changed url", PlatformKinds.OciRepository, """{"spec":{"url":"oci://evil.example.com/chart"}}"""),
        ("changed tag", PlatformKinds.OciRepository, """{"spec":{"ref":{"tag":"9.9.9"}}}"""),
        ("removed secretRef", PlatformKinds.OciRepository, """{"spec":{"secretRef":null}}"""),
        ("added semver", PlatformKinds.OciRepository, """{"spec":{"ref":{"semver":">=1"}}}"""),
        ("changed value", PlatformKinds.HelmRelease, """{"spec":{"values":{"a":2}}}"""),
        ("added empty value", PlatformKinds.HelmRelease, """{"spec":{"values":{"b":{}}}}"""),
        ("extended list element", PlatformKinds.HelmRelease, """{"spec":{"values":{"l":[{"a":1,"b":2}]}}}"""),
        ("replaced list", PlatformKinds.HelmRelease, """{"spec":{"values":{"none":[1]}}}"""),
        ("added value", PlatformKinds.HelmRelease, """{"spec":{"values":{"b":{"c":1}}}}"""),
        ("removed values", PlatformKinds.HelmRelease, """{"spec":{"values":null}}"""),
        ("suspended", PlatformKinds.HelmRelease, """{"spec":{"suspend":true}}"""),
        ("other target namespace", PlatformKinds.HelmRelease, """{"spec":{"targetNamespace":"kube-system"}}"""),
        ("removed labels", PlatformKinds.HelmRelease, """{"metadata":{"labels":null}}"""),
        ("changed data", Kinds.Secret, """{"data":{".dockerconfigjson":"e30="}}"""),
        ("added data", Kinds.Secret, """{"data":{"extra":"e30="}}"""),
        ("restricted permissions", PlatformKinds.AccessRequest,
            """{"spec":{"token":{"permissions":[{"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"],"resourceNames":["a"]}]}]}}}"""),
        ("dropped permissions", PlatformKinds.AccessRequest, """{"spec":{"token":{"roleRefs":null}}}"""),
    ];

    private ProviderWorld _world = null!;
    private ObjectKey _ocm;

    [OneTimeSetUp]
    public async Task Start()
    {
        _world = await ProviderWorld.OnSharedServersAsync();
        await _world.PullSecretAsync();
        await _world.ConfigureAsync(new JsonObject
        {
            ["imagePullSecret"] = new JsonObject { ["name"] = ProviderWorld.PullSecretName },
            ["values"] = JsonNode.Parse("""{"a":1,"l":[{"a":1}],"none":[],"nothing":{}}"""),
        });
        _world.StartController();
        _ocm = await _world.ReadyTenantAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    private static IEnumerable<TestCaseData> AllEdits() =>
        Edits.Select(edit => new TestCaseData(edit.Kind, edit.Edit).SetArgDisplayNames(edit.Kind.Kind, edit.Path));

    private static IEnumerable<TestCaseData> AllKinds() =>
        new[] { PlatformKinds.OciRepository, PlatformKinds.HelmRelease, Kinds.Secret, PlatformKinds.AccessRequest }
            .Select(kind => new TestCaseData(kind).SetArgDisplayNames(kind.Kind));

    [TestCaseSource(nameof(AllEdits))]
    public async Task Drift_is_reverted(ResourceKind kind, string edit)
    {
        var before = await _world.Platform.Api.GetAsync(kind, KeyOf(kind), default);
        var edited = await _world.Platform.Api.MergePatchAsync(kind, before.Key, JsonNode.Parse(edit)!.AsObject());
        Assert.That(Wanted(edited), Is.Not.EqualTo(Wanted(before)));
        await Eventually.Async(
            () => _world.Platform.Api.GetAsync(kind, before.Key, default), after => Wanted(after) == Wanted(before), "it is as it was");
        await _world.ReadyAsync(_ocm);
    }

    [TestCaseSource(nameof(AllKinds))]
    public async Task A_deleted_object_is_created_again(ResourceKind kind)
    {
        var before = await _world.Platform.Api.GetAsync(kind, KeyOf(kind), default);
        await _world.Platform.Api.DeleteAsync(kind, before.Key);
        await Eventually.Async(
            () => _world.Platform.Api.FindAsync(kind, before.Key),
            after => after is not null && after.Uid != before.Uid && Wanted(after) == Wanted(before),
            "it is there again");
        await _world.ReadyAsync(_ocm);
    }

    [Test]
    public async Task Fields_of_other_managers_are_kept()
    {
        var key = KeyOf(PlatformKinds.HelmRelease);
        await _world.Platform.Api.MergePatchAsync(PlatformKinds.HelmRelease, key, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = new JsonObject { ["team"] = "a" },
                ["annotations"] = new JsonObject { ["reconcile.fluxcd.io/requestedAt"] = "now" },
            },
        });
        await Drift_is_reverted(PlatformKinds.HelmRelease, """{"spec":{"interval":"9h"}}""");
        var after = await _world.Platform.Api.GetAsync(PlatformKinds.HelmRelease, key, default);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Labels["team"], Is.EqualTo("a"));
            Assert.That(after.Annotations["reconcile.fluxcd.io/requestedAt"], Is.EqualTo("now"));
        }
    }

    [Test]
    public async Task Objects_of_the_Go_provider_are_adopted()
    {
        using var go = new TestKubernetesApi(_world.Platform, ClientOptions.FieldManager);
        var ocm = _world.Ocm("adopted");
        await _world.ControlPlaneAsync(ocm);
        var theirs = await go.CreateAsync(PlatformKinds.OciRepository, KubeObject.From(new JsonObject
        {
            ["apiVersion"] = PlatformKinds.OciRepository.ApiVersion,
            ["kind"] = PlatformKinds.OciRepository.Kind,
            ["metadata"] = new JsonObject { ["namespace"] = ProviderWorld.TenantNamespace(ocm), ["name"] = ObjectNames.Flux },
            ["spec"] = new JsonObject
            {
                ["interval"] = "10m",
                ["url"] = "oci://old.example.com/chart",
                ["ref"] = new JsonObject { ["semver"] = "*" },
            },
        }), default);
        var copy = await go.CreateAsync(Kinds.Secret, KubeObject.From(new JsonObject
        {
            ["apiVersion"] = Kinds.Secret.ApiVersion,
            ["kind"] = Kinds.Secret.Kind,
            ["metadata"] = new JsonObject
            {
                ["namespace"] = ProviderWorld.TenantNamespace(ocm),
                ["name"] = ProviderWorld.SecretCopy(ocm).Name,
            },
            ["type"] = Manifests.PullSecretType,
            ["data"] = new JsonObject { [".dockerconfigjson"] = "e30=", ["extra"] = "e30=" },
        }), default);
        await _world.ApplyOcmAsync(ocm);
        await _world.ReadyAsync(ocm);
        var adopted = await Eventually.Async(
            () => _world.Platform.Api.GetAsync(PlatformKinds.OciRepository, ProviderWorld.FluxKey(ocm), default),
            source => source.Json.At("spec", "ref", "semver") is null,
            "the undesired fields are removed");
        Assert.That((adopted.Uid, adopted.Json.Text("spec", "interval")), Is.EqualTo((theirs.Uid, "1m0s")));
        await Eventually.Async(
            () => _world.Platform.Api.GetAsync(Kinds.Secret, copy.Key, default),
            secret => secret.Uid == copy.Uid && secret.At("data", "extra") is null
                && secret.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel) == _world.Api.Group,
            "the Secret copy is adopted");

        var mark = _world.Platform.AuditLog.Mark();
        await _world.ReadyTenantAsync("after-adopted");
        Assert.That(
            _world.Platform.AuditLog.Since(mark).Where(entry => entry.IsProviderWrite() && entry.Namespace == ProviderWorld.TenantNamespace(ocm)),
            Is.Empty);
    }

    [Test]
    public async Task Without_drift_no_request_is_sent()
    {
        var quiet = await _world.ReadyTenantAsync("quiet");
        var mark = _world.Platform.AuditLog.Mark();
        var onboardingMark = _world.Onboarding.AuditLog.Mark();
        await _world.Onboarding.Api.MergePatchAsync(
            _world.Api.Ocm, quiet, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["x"] = "y" } } });
        await _world.Platform.Api.MergePatchAsync(
            PlatformKinds.HelmRelease,
            ProviderWorld.FluxKey(quiet),
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["x"] = "y" } } });

        await _world.ReadyTenantAsync("fence");
        var requests = _world.Platform.AuditLog.Since(mark).Where(entry => entry.Namespace == ProviderWorld.TenantNamespace(quiet))
            .Concat(_world.Onboarding.AuditLog.Since(onboardingMark).Where(entry => entry.Name == quiet.Name));
        Assert.That(requests.Where(entry => entry.IsFromProvider()), Is.Empty);
    }

    private ObjectKey KeyOf(ResourceKind kind) =>
        kind == Kinds.Secret ? ProviderWorld.SecretCopy(_ocm)
        : kind == PlatformKinds.AccessRequest ? _world.AccessRequest(_ocm)
        : ProviderWorld.FluxKey(_ocm);

    private static string Wanted(KubeObject subject) => string.Join(
        "\n",
        subject.Json.At("spec")?.GetRawText(),
        subject.Json.At("data")?.GetRawText(),
        subject.Labels.GetValueOrDefault(ObjectNames.ManagedByLabel));
}
