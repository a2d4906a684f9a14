using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Kubernetes.Informers;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>Informers for real clusters, which do not wait for long.</summary>
public static class RealInformers
{
    public static InformerFactory Factory() => new(
        new InformerOptions { MaxDelay = TimeSpan.FromSeconds(1) }, TimeProvider.System, new Random(1), NullLogger<Informer>.Instance);
}
