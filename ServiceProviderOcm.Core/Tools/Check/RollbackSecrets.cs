using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Core.Tools.Check;

/// <summary>The image pull secrets on the platform cluster.</summary>
/// <param name="Sources">Those in the provider's namespace that the ProviderConfig refers to and that exist.</param>
/// <param name="Copies">The managed Secrets in tenant namespaces.</param>
public sealed record RollbackSecrets(IReadOnlyList<KubeObject> Sources, IReadOnlyList<KubeObject> Copies)
{
    internal static async Task<RollbackSecrets> ReadAsync(
        Identity identity, IKubernetesApi platform, KubeObject? config, CancellationToken cancellationToken)
    {
        var copies = await platform.ListAllAsync(
            Kinds.Secret, new WatchScope(LabelSelector: ObjectNames.CopySelector(identity.Api)), cancellationToken);
        var names = (config is null ? [] : InstallConfigReader.Read(identity, config).Sources)
            .SelectMany(source => source.ToolkitPullSecrets.Prepend(source.PullSecret))
            .Where(name => name.Length > 0)
            .Distinct(StringComparer.Ordinal);
        var sources = await Task.WhenAll(names.Select(
            name => platform.FindAsync(Kinds.Secret, new ObjectKey(identity.PodNamespace, name), cancellationToken)));
        return new RollbackSecrets([.. sources.OfType<KubeObject>()], copies.Objects);
    }
}
