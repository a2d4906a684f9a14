using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.States;
using ServiceProviderOcm.Core.Plan;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Plan;

/// <summary>
/// <c>flux-states.json</c>: statuses of OCIRepository and HelmRelease, with the fields that the versions of Flux write and in the order in
/// which they write them, and the state of the OCM for each.
/// </summary>
public sealed class FluxStatesTests
{
    private const string TableFile = "ServiceProviderOcm.Tests/Plan/flux-states.json";

    private static IEnumerable<TestCaseData> Table()
    {
        foreach (var row in JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Find(), TableFile)))!.AsArray())
        {
            yield return new TestCaseData(row!.AsObject()).SetArgDisplayNames($"{row["name"]} ({row["flux"]})");
        }
    }

    [TestCaseSource(nameof(Table))]
    public void The_status_of_both_Flux_objects_has_its_state(JsonObject row)
    {
        var observation = ObservationOf(row);

        var status = Planner.Plan(observation).Status;

        Assert.That($"{status.State}", Is.EqualTo(row["state"]!.GetValue<string>()), status.Message);
        Assert.That(status.Message, Does.Not.Contain("\n").And.Not.Contain("  "));
        if (row["says"] is { } says)
        {
            Assert.That(status.Message, Does.Contain(says.GetValue<string>().Replace("TENANT", An.Tenant, StringComparison.Ordinal)));
        }
    }

    // What is not kept in memory must not matter.
    [TestCaseSource(nameof(Table))]
    public void The_fields_that_are_kept_in_memory_have_the_same_state(JsonObject row)
    {
        var observation = ObservationOf(row);

        var status = Planner.Plan(observation with
        {
            OciRepository = Kept(PlatformKinds.OciRepository, observation.OciRepository!),
            HelmRelease = observation.HelmRelease is { } release ? Kept(PlatformKinds.HelmRelease, release) : null,
        }).Status;

        Assert.That(status, Is.EqualTo(Planner.Plan(observation).Status));
    }

    [Test]
    public void The_table_has_every_state_that_Flux_can_cause() => Assert.That(
        Table().Select(row => ((JsonObject)row.Arguments[0]!)["state"]!.GetValue<string>()).Distinct(),
        Is.EquivalentTo(new[]
        {
            OcmState.PullingChart, OcmState.PullFailed, OcmState.VerificationFailed, OcmState.OciRepositoryTerminating,
            OcmState.OciRepositoryOverdue, OcmState.Installing, OcmState.InstallFailed, OcmState.Upgrading, OcmState.UpgradeFailed,
            OcmState.HelmReleaseTerminating, OcmState.HelmReleaseOverdue, OcmState.Ready, OcmState.Uninstalling, OcmState.UninstallFailed,
            OcmState.DeletingOciRepository,
        }.Select(state => $"{state}")));

    private static Observation ObservationOf(JsonObject row)
    {
        var tag = row["ref"]?["tag"]?.GetValue<string>() ?? "0.4.0";
        var config = row["ref"]?["digest"] is { } digest
            ? $$"""{ "versions": [{ "version": "{{tag}}", "chartVersion": "{{tag}}", "chartDigest": "{{digest}}" }] }"""
            : "{}";
        var complete = An.Observation().WithConfig(config).WithOcm($$"""{ "spec": { "version": "{{tag}}" } }""").Complete();
        var source = With(complete.OciRepository!, row["sourceGeneration"]!, row["source"]);
        var reported = complete with
        {
            OciRepository = Marked(
                row,
                "source",
                row["ref"] is { } reference
                    ? source.Patched(new JsonObject { ["spec"] = new JsonObject { ["ref"] = reference.DeepClone() } })
                    : source),
            HelmRelease = row["release"] is { } release
                ? Marked(row, "release", With(complete.HelmRelease!, row["releaseGeneration"]!, release))
                : null,
        };
        reported = row["ocmDeleted"] is null ? reported : reported.Deleting() with { UserObjects = ObservedUserObjects.Of() };
        return row["waitedFor"] is { } state ? reported.WaitingFor(Enum.Parse<OcmState>(state.GetValue<string>())) : reported;
    }

    private static KubeObject Marked(JsonObject row, string name, KubeObject fluxObject)
    {
        var suspended = row[$"{name}Suspended"] is null ? fluxObject : fluxObject.Patched("""{ "spec": { "suspend": true } }""");
        return row[$"{name}Deleted"] is null ? suspended : suspended.BeingDeleted();
    }

    private static KubeObject With(KubeObject fluxObject, JsonNode generation, JsonNode? status) => fluxObject
        .Patched("""{ "status": null }""")
        .Patched(new JsonObject
        {
            ["metadata"] = new JsonObject { ["generation"] = generation.DeepClone() },
            ["status"] = status?.DeepClone(),
        });

    private static KubeObject Kept(ResourceKind kind, KubeObject whole) => new(
        new ObjectReader(new KubernetesApiOptions { FieldManager = "any", Projections = Projections.Of(An.Identity.Api) })
            .Read(kind, JsonSerializer.SerializeToUtf8Bytes(whole.Json)).Json,
        whole.Ownership);
}
