using System.Reflection;
using System.Text.Json;
using NUnit.Framework;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Telemetry;

namespace ServiceProviderOcm.Tests.Telemetry;

public sealed class LimitNamesTests
{
    private static readonly string[] NoLimits = ["flag_prefix", "own_memory", "own_traffic"];

    [TestCase(typeof(ReadLimits))]
    [TestCase(typeof(InformerLimits))]
    [TestCase(typeof(ReadBudgetOptions))]
    public void Every_limit_is_known_to_the_metric(Type limits)
    {
        var names = limits.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))
            .Except(NoLimits);

        Assert.That(names, Is.SubsetOf(LimitMetrics.Names));
        Assert.That(LimitMetrics.Names, Is.Unique);
    }
}
