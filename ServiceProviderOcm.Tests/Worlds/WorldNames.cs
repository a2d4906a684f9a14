using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Tests.Servers;

namespace ServiceProviderOcm.Tests.Worlds;

/// <summary>What one test's provider is called, so that tests that share clusters do not meet.</summary>
/// <param name="Api">The API group.</param>
/// <param name="ProviderName">The name of the provider and of its ProviderConfig.</param>
/// <param name="PodNamespace">The provider's namespace on the platform cluster.</param>
/// <param name="User">Whom the provider acts as.</param>
/// <param name="ReplicaUser">Whom its second replica acts as.</param>
/// <param name="Workspace">The namespace of the OCMs on the onboarding cluster.</param>
public sealed record WorldNames(
    ProviderApi Api, string ProviderName, string PodNamespace, string User, string ReplicaUser, string Workspace)
{
    private static int _shared;

    /// <summary>The names on clusters that a test has for itself.</summary>
    public static WorldNames Own(ProviderApi api) =>
        new(api, "ocm", "provider-system", TestUsers.Provider, TestUsers.Replica, "project-world--ws-1");

    /// <summary>Names on the clusters of the run, which no other test has.</summary>
    /// <param name="api">The API group, which no other test may use at the same time; one of the test's own by default.</param>
    public static WorldNames Shared(ProviderApi? api)
    {
        var number = Interlocked.Increment(ref _shared);
        return new WorldNames(
            api ?? new ProviderApi($"t{number}.{ProviderApi.DefaultGroup}"),
            $"ocm-{number}",
            $"provider-system-{number}",
            $"{TestUsers.Provider}-{number}",
            $"{TestUsers.Replica}-{number}",
            $"project-world--ws-{number}");
    }
}
