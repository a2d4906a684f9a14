using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Sandbox.Demo.View;

/// <summary>Watches the OCMs, the objects that are managed for them, and their configuration.</summary>
internal sealed class PlatformStatusWatch : IDisposable
{
    private readonly Channel<InformerChange> _changes = Channel.CreateUnbounded<InformerChange>();
    private readonly List<RunningInformer> _informers = [];
    private readonly TimeProvider _time;

    /// <summary>Starts the watches.</summary>
    public PlatformStatusWatch(IKubernetesApi onboarding, IKubernetesApi platform, ProviderApi served, TimeProvider time)
    {
        _time = time;
        var informers = new InformerFactory(new InformerOptions(), time, Random.Shared, NullLogger.Instance);
        Watch(onboarding, served.Ocm, WatchScope.Everything);
        Watch(platform, served.ProviderConfig, WatchScope.Everything);
        Watch(platform, PlatformKinds.AccessRequest, WatchScope.Everything);
        Watch(platform, Kinds.Secret, new WatchScope(LabelSelector: ObjectNames.CopySelector(served)));
        Watch(platform, PlatformKinds.OciRepository, WatchScope.Everything);
        Watch(platform, PlatformKinds.HelmRelease, WatchScope.Everything);

        void Watch(IKubernetesApi api, ResourceKind kind, WatchScope scope) => _informers.Add(informers.Start(
            api, kind, scope, change => _changes.Writer.TryWrite(change), () => { }, CancellationToken.None));
    }

    /// <summary>The latest status.</summary>
    public PlatformStatus Last { get; private set; } = PlatformStatus.Empty;

    /// <summary>The status after each relevant change. For one reader at a time.</summary>
    public async IAsyncEnumerable<PlatformStatus> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _changes.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_changes.Reader.TryRead(out var change))
            {
                var next = Last.With(change, _time.GetLocalNow());
                if (next != Last)
                {
                    Last = next;
                    yield return next;
                }
            }
        }
    }

    public void Dispose() => _informers.ForEach(informer => informer.Dispose());
}
