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

        var result = RollbackChecks.Of(Renamed, new RollbackObjects { Config = config }).Single(result => result.Name == "rollback: rollout");

        Assert.That(result.Status, Is.EqualTo(said is null ? CheckStatus.Ok : CheckStatus.Failed));
        Assert.That(result.Message, Does.Contain(said ?? "None").And.Contain(said is null ? "" : "all OCMs at once"));
    }

    [TestCase(22, CheckStatus.Ok)]
    [TestCase(23, CheckStatus.Warning)]
    public void Names_longer_than_22_characters_are_reported(int length, CheckStatus status)
    {
        var results = Of(Renamed, Complete, Tenant(name: new string('x', length)));

        Assert.That(results.Single(result => result.Name == "rollback: names of OCMs").Status, Is.EqualTo(status));
    }

    [Test]
    public void The_access_that_this_controller_has_requested_is_reported()
    {
        var access = KubeObject.Parse($$"""{ "metadata": { "name": "a", "namespace": "system", "labels": { "{{ObjectNames.ProviderLabel(Renamed.Api)}}": "ocm" } } }""");

        Assert.That(RollbackChecks.Of(Renamed, new RollbackObjects { Access = access })[^1].Fix, Does.Contain("delete the AccessRequest and ClusterRequest a"));
    }

    [TestCase("True", true, "FAIL")]
    [TestCase("True", false, null)]
    [TestCase("False", true, null)]
    public void A_deletion_that_users_objects_block_fails(string isBlocked, bool isBeingDeleted, string? expected)
    {
        var deletion = isBeingDeleted ? """, "deletionTimestamp": "2026-01-01T00:00:00Z" """ : "";
        var ocm = Tenant(deletion, $$""", "status": { "conditions": [{ "type": "DeletionBlocked", "status": "{{isBlocked}}" }] }""");

        AssertLost(
            new RollbackObjects { Config = Config(Complete), Ocms = [ocm] },
            "rollback: OCMs that are being deleted",
            expected,
            "project-a/mcp-01");
    }

    [TestCase("ignore", "warn")]
    [TestCase("reconcile", null)]
    public void OCMs_that_are_paused_are_reported(string operation, string? expected)
    {
        var ocm = Tenant($$""", "annotations": { "{{Operation.Annotation}}": "{{operation}}" }""");

        AssertLost(new RollbackObjects { Config = Config(Complete), Ocms = [ocm] }, "rollback: OCMs that are paused", expected, "project-a/mcp-01");
    }

    [TestCase("Opaque", "kubernetes.io/dockerconfigjson", "ocm", "FAIL")]
    [TestCase("kubernetes.io/dockerconfigjson", "Opaque", "ocm", "FAIL")]
    [TestCase("Opaque", "Opaque", "ocm", null)]
    [TestCase("Opaque", "kubernetes.io/dockerconfigjson", "other", null)]
    public void Copies_with_another_type_than_their_source_fail(string source, string copy, string provider, string? expected)
    {
        var copies = Enumerable.Range(1, 6).Select(tenant =>
            Secret($"mcp--{tenant}", "sp-ocm-registry", copy, $$""", "labels": { "{{ObjectNames.ProviderLabel(Renamed.Api)}}": "{{provider}}" }"""));

        AssertLost(
            new RollbackObjects { Config = Config(Complete), Ocms = [], Secrets = new([Secret("system", "registry", source)], [.. copies]) },
            "rollback: types of Secret copies",
            expected,
            "6 Secret copies are",
            "mcp--5/sp-ocm-registry, …");
    }

    [TestCase("Opaque", "warn")]
    [TestCase("kubernetes.io/dockerconfigjson", null)]
    public void An_Opaque_source_of_copies_on_control_planes_is_reported(string type, string? expected)
    {
        var config = Config("""{ "versions": [{ "version": "v1", "helmValues": { "manager": { "imagePullSecrets": [{ "name": "images" }] } } }] }""");

        AssertLost(
            new RollbackObjects { Config = config, Ocms = [], Secrets = new([Secret("system", "images", type), Secret("system", "registry", "Opaque")], []) },
            "rollback: types of Secrets on control planes",
            expected,
            "1 source is",
            ": system/images.");
    }

    [Test]
    public void The_types_of_Secrets_are_skipped_with_the_reason_if_they_cannot_be_read()
    {
        var found = new RollbackObjects { Config = Config("{}"), Ocms = [], Secrets = null, SecretsError = "forbidden" };

        var results = RollbackChecks.Of(Renamed, found);

        Assert.That(
            results.Where(result => result.Status == CheckStatus.Skipped).Select(result => result.Message),
            Is.EqualTo((string[])["Secrets cannot be read: forbidden", "Secrets cannot be read: forbidden"]));
        Assert.That(results.Single(result => result.Name == "rollback: catalogue").Status, Is.EqualTo(CheckStatus.Failed));
    }

    [Test]
    public void What_OCMs_would_lose_is_skipped_without_the_onboarding_cluster() => Assert.That(
        RollbackChecks.Of(Renamed, new RollbackObjects { Config = Config(Complete) }).Count(result => result.Status == CheckStatus.Skipped),
        Is.EqualTo(3));

    private static void AssertLost(RollbackObjects found, string name, string? expected, params string[] said)
    {
        var lost = RollbackChecks.Of(Renamed, found).Where(result => result.Status != CheckStatus.Ok).ToList();

        Assert.That(
            lost.Select(result => (result.Name, result.Status)),
            Is.EqualTo(expected is null ? [] : new[] { (name, expected == "FAIL" ? CheckStatus.Failed : CheckStatus.Warning) }));
        foreach (var text in expected is null ? [] : said)
        {
            Assert.That(lost[0].Message, Does.Contain(text));
        }
    }

    private static KubeObject Tenant(string metadata = "", string status = "", string name = "mcp-01") => KubeObject.Parse(
        $$"""{ "metadata": { "name": "{{name}}", "namespace": "project-a"{{metadata}} }{{status}} }""");

    private static KubeObject Secret(string ns, string name, string type, string metadata = "") => KubeObject.Parse(
        $$"""{ "metadata": { "name": "{{name}}", "namespace": "{{ns}}"{{metadata}} }, "type": "{{type}}" }""");

    private static IReadOnlyList<CheckResult> Of(Identity identity, string spec, params KubeObject[] ocms) =>
        RollbackChecks.Of(identity, new RollbackObjects { Config = Config(spec), Ocms = ocms });

    private static KubeObject Config(string spec) => KubeObject.Parse($$"""{ "metadata": { "name": "ocm" }, "spec": {{spec}} }""");
}
