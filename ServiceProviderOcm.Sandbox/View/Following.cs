using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Sandbox.View;

/// <summary>Follows the OCMs, and what is written for them, by watching both clusters.</summary>
internal sealed class Following : IDisposable
{
    private readonly Channel<InformerChange> _changes = Channel.CreateUnbounded<InformerChange>();
    private readonly List<RunningInformer> _informers = [];
    private readonly TimeProvider _time;

    /// <summary>Starts to follow.</summary>
    public Following(IKubernetesApi onboarding, IKubernetesApi platform, ProviderApi served, TimeProvider time)
    {
        _time = time;
        var informers = new InformerFactory(new InformerOptions(), time, Random.Shared, NullLogger.Instance);
        Follow(onboarding, served.Ocm, Core.Kubernetes.Informers.Selection.Everything);
        Follow(platform, Kinds.AccessRequest, Core.Kubernetes.Informers.Selection.Everything);
        Follow(platform, Kinds.Secret, new Core.Kubernetes.Informers.Selection(LabelSelector: Manifests.CopySelector(served)));
        Follow(platform, Kinds.OciRepository, Core.Kubernetes.Informers.Selection.Everything);
        Follow(platform, Kinds.HelmRelease, Core.Kubernetes.Informers.Selection.Everything);

        void Follow(IKubernetesApi api, ResourceKind kind, Core.Kubernetes.Informers.Selection selection) => _informers.Add(informers.Start(
            api, kind, selection, change => _changes.Writer.TryWrite(change), () => { }, CancellationToken.None));
    }

    /// <summary>How everything stood last.</summary>
    public Standing Last { get; private set; } = Standing.Empty;

    /// <summary>How everything stands after each change that matters. One reader at a time, who may leave and come back.</summary>
    public async IAsyncEnumerable<Standing> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
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

    /// <inheritdoc/>
    public void Dispose() => _informers.ForEach(informer => informer.Dispose());
}
