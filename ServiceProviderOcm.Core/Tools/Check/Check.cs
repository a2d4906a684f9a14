using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>A check on a cluster that is reachable.</summary>
/// <param name="Names">The names of its results.</param>
/// <param name="RunAsync">Runs the check.</param>
internal sealed record Check(IReadOnlyList<string> Names, Func<KubernetesApi, CancellationToken, Task<IReadOnlyList<CheckResult>>> RunAsync)
{
    /// <summary>A check with one result.</summary>
    public static Check Of(string name, Func<string, KubernetesApi, CancellationToken, Task<CheckResult>> runAsync) =>
        new([name], async (api, cancellationToken) => [await runAsync(name, api, cancellationToken)]);
}
