using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Tools.Rollouts;
using ServiceProviderOcm.Core.Tools.Status;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Tools.Status;

public sealed class RolloutSummaryTests
{
    private const string Spec = """
        { "chartURL": "registry.example.com/chart", "values": { "level": "two" }, "rollout": { "canary": { "selector": { "matchLabels": { "stage": "canary" } } } } }
        """;

    [TestCase("NewRevisionAvailable", 2, RolloutState.Complete)]
    [TestCase("RolloutProgressing", 2, RolloutState.Progressing)]
    [TestCase("RolloutPaused", 2, RolloutState.Paused)]
    [TestCase("ProgressDeadlineExceeded", 2, RolloutState.Stalled)]
    [TestCase("RolloutProgressing", 1, RolloutState.Pending)]
    [TestCase("", 2, RolloutState.Unknown)]
    public void The_state_is_that_of_the_condition_Progressing(string reason, int observed, RolloutState expected)
    {
        var providerConfig = An.ProviderConfig(Spec).Patched($$"""
            {
              "metadata": { "generation": 2 },
              "status": { "observedGeneration": {{observed}}, "conditions": [{ "type": "{{(reason.Length > 0 ? "Progressing" : "Ready")}}", "reason": "{{reason}}" }] }
            }
            """);

        Assert.That(RolloutSummary.Of(providerConfig, An.Config(Spec), fleet: null).State, Is.EqualTo(expected));
    }

    [Test]
    public void Failed_OCMs_canaries_and_revisions_are_found_by_the_objects()
    {
        var (old, current) = (An.Config("""{ "chartURL": "registry.example.com/chart", "values": { "level": "one" } }"""), An.Config(Spec));
        var stored = StoredRevision.Manifest(
            An.Identity, old.Revision, JsonReading.Parse("""{ "chartURL": "registry.example.com/chart", "values": { "level": "one" } }"""), 1);
        var (failed, waiting, broken) = (Ocm("a", isReady: false), Ocm("b", isReady: true), Ocm("c", isReady: false));
        var objects = new RolloutObjects
        {
            Identity = An.Identity,
            ProviderConfig = An.ProviderConfig(Spec),
            Ocms = [failed, waiting, broken, Ocm("new", isReady: false)],
            OciRepositories = RolloutReader.ByNamespace(
            [
                Source(failed, current.Revision, "2026-06-01T11:00:00Z"), Source(waiting, old.Revision), Source(broken, old.Revision),
            ]),
            Namespaces = RolloutReader.ByName([KubeObject.Parse($$"""{ "metadata": { "name": "{{Tenant(failed)}}", "labels": { "stage": "canary" } } }""")]),
            StoredRevisions = [stored],
        };

        var fleet = new FleetObserver(An.Identity).Observe(objects, current, An.Now);
        var summary = RolloutSummary.Of(objects.ProviderConfig, current, fleet);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.Failed!.Select(each => (each.Key, each.IsCanary, each.Reason)), Is.EqualTo([(failed.Key, true, "HelmReleaseFailed")]));
            Assert.That(summary.Canaries, Is.EqualTo(new CanaryCounts(1, 1, HavePassed: false)));
            Assert.That(OcmUpdate.Of(failed.Key, fleet), Is.EqualTo(new OcmUpdate(IsUpdated: true, IsCanary: true, HasFailed: true)));
            Assert.That(OcmUpdate.Of(waiting.Key, fleet), Is.EqualTo(new OcmUpdate(IsUpdated: false, IsCanary: false, HasFailed: false)));
            Assert.That(OcmUpdate.Of(broken.Key, fleet), Is.EqualTo(new OcmUpdate(IsUpdated: false, IsCanary: false, HasFailed: false)));
            Assert.That(OcmUpdate.Of(new ObjectKey("team", "new"), fleet), Is.Null, "nothing is installed");
        }
    }

    [Test]
    public void An_OCM_at_the_newest_revision_is_updated_also_if_its_version_is_not_offered()
    {
        var current = An.Config("""{ "chartURL": "registry.example.com/chart", "versions": [{ "version": "9.9.9", "chartVersion": "9.9.9" }] }""");
        var ocm = Ocm("a", isReady: true);
        var objects = new RolloutObjects
        {
            Identity = An.Identity,
            ProviderConfig = An.ProviderConfig(Spec),
            Ocms = [ocm],
            OciRepositories = RolloutReader.ByNamespace([Source(ocm, current.Revision)]),
        };

        var fleet = new FleetObserver(An.Identity).Observe(objects, current, An.Now);

        Assert.That(OcmUpdate.Of(ocm.Key, fleet), Is.EqualTo(new OcmUpdate(IsUpdated: true, IsCanary: false, HasFailed: false)));
    }

    private static KubeObject Ocm(string name, bool isReady) => KubeObject.Parse($$"""
        {
          "metadata": { "namespace": "team", "name": "{{name}}", "generation": 1 },
          "spec": { "version": "0.4.0" },
          "status": { "observedGeneration": 1, "conditions": [{ "type": "Ready", "status": "{{isReady}}", "reason": "HelmReleaseFailed", "lastTransitionTime": "2026-06-01T11:05:00Z" }] }
        }
        """);

    private static KubeObject Source(KubeObject ocm, string revision, string? updatedAt = null) => KubeObject.Parse($$"""
        {
          "metadata": {
            "name": "sp-ocm-k8s-toolkit", "namespace": "{{Tenant(ocm)}}",
            "labels": { "openmcp.cloud/managed-by": "ocm.services.openmcp.cloud", "app.kubernetes.io/managed-by": "service-provider-ocm", "ocm.services.openmcp.cloud/revision": "{{revision}}" },
            "annotations": { "ocm.services.openmcp.cloud/was-ready": "true", "ocm.services.openmcp.cloud/updated-at": "{{updatedAt ?? "2026-05-01T00:00:00Z"}}" }
          }
        }
        """);

    private static string Tenant(KubeObject ocm) => PlatformNames.TenantNamespace(ocm.Namespace, ocm.Name);
}
