using ServiceProviderOcm.Core.Kubernetes.Client;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>Something to look at on a cluster, once it has been reached.</summary>
/// <param name="Names">The names of the findings.</param>
/// <param name="AskAsync">Looks.</param>
internal sealed record Check(IReadOnlyList<string> Names, Func<KubernetesApi, CancellationToken, Task<IReadOnlyList<Finding>>> AskAsync)
{
    /// <summary>A check with one finding, which is told its name.</summary>
    public static Check Of(string name, Func<string, KubernetesApi, CancellationToken, Task<Finding>> askAsync) =>
        new([name], async (api, cancellationToken) => [await askAsync(name, api, cancellationToken)]);
}
