using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;
using ServiceProviderOcm.Core.Tools.Diff;
using ServiceProviderOcm.Core.Tools.Render;
using ServiceProviderOcm.Core.Tools.Rollouts;
using ServiceProviderOcm.Tests.Builders;

namespace ServiceProviderOcm.Tests.Tools.Diff;

public sealed class DiffSourceTests
{
    private const string Spec = """{ "chartURL": "registry.example.com/chart" }""";

    [Test]
    public void OCMs_that_cannot_be_read_or_have_such_objects_are_counted_and_are_in_no_stage()
    {
        var (unreadable, absent) = (Ocm("unreadable"), Ocm("absent"));
        var objects = new RolloutObjects
        {
            Identity = An.Identity,
            ProviderConfig = An.ProviderConfig(Spec),
            Ocms = [unreadable, absent],
            UnreadableTenants = new HashSet<string> { PlatformNames.TenantNamespace(unreadable.Namespace, unreadable.Name) },
            UnreadableOcms = 2,
        };

        var diff = DiffSource.Clusters(
            To("""{ "chartURL": "registry.example.com/other" }""", objects), objects, RolloutObjects.None, An.Now);

        Assert.That((diff.Total, diff.Unreadable, diff.NotInstalled, diff.Forecast.Stages.Count), Is.EqualTo((4, 3, 1, 0)));
    }

    [TestCase("{}", 0, RolloutPhase.CanaryFailed, Description = "its namespace is gone, too")]
    [TestCase("""{ "values": { "a": 2 } }""", 1, RolloutPhase.Complete)]
    public void A_canary_that_has_failed_and_is_gone_stops_the_forecast_of_its_revision(string change, int stages, RolloutPhase phase)
    {
        const string Canaries = """{ "rollout": { "canary": { "selector": { "matchLabels": { "stage": "canary" } } } } }""";
        var (first, second) = (An.ProviderConfig(Spec), An.ProviderConfig(Spec).Patched("""{ "spec": { "values": { "a": 1 } } }"""));
        var installed = An.Observation().Complete();
        var objects = new RolloutObjects
        {
            Identity = An.Identity,
            ProviderConfig = second.Patched($$"""
                { "spec": {{Canaries}}, "status": {
                  "updateRevision": "{{An.Config(SpecOf(second)).Revision}}", "failedCanaries": [{ "namespace": "team", "name": "gone" }] } }
                """),
            Ocms = [installed.Ocm!],
            OciRepositories = new Dictionary<string, KubeObject> { [installed.TenantNamespaceName] = installed.OciRepository! },
            HelmReleases = new Dictionary<string, KubeObject> { [installed.TenantNamespaceName] = installed.HelmRelease! },
            StoredRevisions = [StoredRevision.Manifest(An.Identity, An.Config(SpecOf(first)).Revision, first.At("spec")!.Value, 1)],
        };
        var to = To(SpecOf(objects.ProviderConfig.Patched($$"""{ "spec": {{change}} }""")), objects);

        var forecast = DiffSource.Clusters(to, objects, RolloutObjects.None, An.Now).Forecast;

        Assert.That((forecast.Stages.Count, forecast.Last.Phase), Is.EqualTo((stages, phase)));
    }

    private static string SpecOf(KubeObject config) => config.At("spec")!.Value.GetRawText();

    private static RenderInputs To(string spec, RolloutObjects objects) => new(
        An.Identity, Ocms: [], An.Config(spec), RolloutObjects.None, RolloutObjects.None, new Dictionary<ObjectKey, KubeObject>())
    {
        ProviderConfig = objects.ProviderConfig,
    };

    private static KubeObject Ocm(string name) => KubeObject.Parse($$"""
        { "metadata": { "namespace": "team", "name": "{{name}}", "generation": 1 }, "spec": { "version": "0.4.0" } }
        """);
}
