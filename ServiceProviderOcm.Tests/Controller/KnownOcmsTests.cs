using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Orphans;
using ServiceProviderOcm.Tests.Builders;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Controller;

public sealed class KnownOcmsTests
{
    [Test]
    public async Task OCMs_that_are_only_counted_hide_unnamed_orphans_of_their_namespace_only()
    {
        using var stop = new CancellationTokenSource();
        var cluster = new ScriptedCluster("onboarding cluster");
        foreach (var name in (string[])["a", "b"])
        {
            cluster.Has(An.Identity.Api.Ocm, KubeObject.Parse($$"""{ "metadata": { "namespace": "full", "name": "{{name}}", "resourceVersion": "1" } }"""));
        }

        var options = new InformerOptions { Limits = new InformerLimits { ObjectsPerNamespace = 1 } };
        var ocms = new InformerFactory(options, TimeProvider.System, new Random(1), NullLogger.Instance)
            .Create(cluster, An.Identity.Api.Ocm, WatchScope.Everything, _ => { }, () => { });
        var running = ocms.RunAsync(stop.Token);
        await Eventually.Async(() => ocms.Surplus.In("full") == 1, "one OCM is only counted");

        var known = new KnownOcms(new Tenants(1, _ => 0), ocms);

        Assert.That(((string[])["full", "other", ""]).Select(ns => known.HasOcm(Unnamed(ns))), Is.EqualTo([true, false, false]));
        await stop.CancelAsync();
        await running;
    }

    private static OrphanedTenant Unnamed(string ns) => new(An.Tenant, Ocm: null, []) { OnboardingNamespace = ns };
}
