using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Objects;
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
        var to = new RenderInputs(
            An.Identity,
            Ocms: [],
            An.Config("""{ "chartURL": "registry.example.com/other" }"""),
            RolloutObjects.None,
            RolloutObjects.None,
            new Dictionary<ObjectKey, KubeObject>())
        {
            ProviderConfig = objects.ProviderConfig,
        };

        var diff = DiffSource.Clusters(to, objects, RolloutObjects.None, An.Now);

        Assert.That((diff.Total, diff.Unreadable, diff.NotInstalled, diff.Forecast.Stages.Count), Is.EqualTo((4, 3, 1, 0)));
    }

    private static KubeObject Ocm(string name) => KubeObject.Parse($$"""
        { "metadata": { "namespace": "team", "name": "{{name}}", "generation": 1 }, "spec": { "version": "0.4.0" } }
        """);
}
