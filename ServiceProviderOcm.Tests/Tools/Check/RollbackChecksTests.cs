using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Tools.Check;

namespace ServiceProviderOcm.Tests.Tools.Check;

public sealed class RollbackChecksTests
{
    private const string Complete = """{ "versions": [{ "version": "v1" }], "pollInterval": "1m" }""";

    private static readonly Identity Renamed = new(new ProviderApi(ProviderApi.RenamedGroup), "ocm", "system");

    [Test]
    public void Nothing_is_lost_where_the_Go_provider_knows_all() =>
        Assert.That(Of(Renamed, Complete).Select(result => result.Status), Is.All.EqualTo(CheckStatus.Ok));

    [TestCase("""{ "versions": [{}], "caBundleRef": { "name": "trust" } }""", "rollback: CA bundle, rollback: fields of the ProviderConfig", "spec.caBundleRef")]
    [TestCase("""{ "chartURL": "r.example.com/x", "values": {} }""", "rollback: catalogue, rollback: fields of the ProviderConfig", "spec.chartURL, spec.values")]
    [TestCase(
        """{ "versions": [{ "version": "v1", "chartDigest": "sha256:a" }, { "chartDigest": "sha256:b", "deprecated": {}, "helmValues": { "chartDigest": 1 } }] }""",
        "rollback: fields of the ProviderConfig",
        ": spec.versions[].chartDigest, spec.versions[].deprecated.")]
    public void Losses_of_the_configuration_are_reported(string spec, string names, string said)
    {
        var lost = Of(Renamed, spec).Where(result => result.Status != CheckStatus.Ok).ToList();

        Assert.That(string.Join(", ", lost.Select(result => result.Name)), Is.EqualTo(names));
        Assert.That(lost.Select(result => result.Message), Has.Some.Contains(said));
        Assert.That(lost.Select(result => result.Fix), Has.None.Empty);
    }

    [Test]
    public void The_default_group_fails_and_names_the_migration() =>
        Assert.That(
            Of(Renamed with { Api = new ProviderApi(ProviderApi.DefaultGroup) }, Complete)[0].Fix,
            Does.Contain("migrate --from ocm.services.openmcp.cloud --to ocm.services.open-control-plane.io"));

    [TestCase("""{ "currentRevision": "REVISION", "conditions": [{ "type": "Progressing", "reason": "NewRevisionAvailable" }] }""", null)]
    [TestCase("""{ "currentRevision": "before", "conditions": [{ "type": "Progressing", "reason": "ProgressDeadlineExceeded" }] }""", "is not complete (ProgressDeadlineExceeded)")]
    [TestCase("""{ "currentRevision": "before", "conditions": [{ "type": "Progressing", "reason": "NewRevisionAvailable" }] }""", "has not begun")]
    public void A_rollout_under_way_fails_because_the_Go_provider_would_reach_all_at_once(string status, string? said)
    {
        var spec = JsonReading.Parse(Complete);
        var config = KubeObject.Parse($$"""
            {
              "metadata": { "name": "ocm" }, "spec": {{Complete}},
              "status": {{status.Replace("REVISION", ConfigRevision.Of(spec), StringComparison.Ordinal)}}
            }
            """);

        var result = RollbackChecks.Of(Renamed, config, [], access: null).Single(result => result.Name == "rollback: rollout");

        Assert.That(result.Status, Is.EqualTo(said is null ? CheckStatus.Ok : CheckStatus.Failed));
        Assert.That(result.Message, Does.Contain(said ?? "None").And.Contain(said is null ? "" : "all OCMs at once"));
    }

    [TestCase(22, CheckStatus.Ok)]
    [TestCase(23, CheckStatus.Warning)]
    public void Names_longer_than_22_characters_are_reported(int length, CheckStatus status)
    {
        var results = Of(Renamed, Complete, new ObjectKey("project-a", new string('x', length)));

        Assert.That(results.Single(result => result.Name == "rollback: names of OCMs").Status, Is.EqualTo(status));
    }

    [Test]
    public void The_access_that_this_controller_has_requested_is_reported()
    {
        var access = KubeObject.Parse($$"""{ "metadata": { "name": "a", "namespace": "system", "labels": { "{{ObjectNames.ProviderLabel(Renamed.Api)}}": "ocm" } } }""");

        Assert.That(RollbackChecks.Of(Renamed, Config(Complete), [], access)[^1].Fix, Does.Contain("delete the AccessRequest and ClusterRequest a"));
    }

    private static IReadOnlyList<CheckResult> Of(Identity identity, string spec, params ObjectKey[] ocms) =>
        RollbackChecks.Of(identity, Config(spec), ocms, access: null);

    private static KubeObject Config(string spec) => KubeObject.Parse($$"""{ "metadata": { "name": "ocm" }, "spec": {{spec}} }""");
}
