using System.Net;
using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>Reports the status of all OCMs, then each change.</summary>
public sealed class OcmWatcher(IKubernetesApi onboarding, ProviderApi api, InformerFactory informers, TimeProvider time)
{
    private readonly Dictionary<ObjectKey, OcmSummary> _reported = [];

    /// <summary>Watches until cancelled.</summary>
    /// <param name="onListed">Called once with all OCMs.</param>
    /// <param name="onChange">Called with each OCM whose status changed, or that was deleted.</param>
    /// <param name="onError">Called with an error while changes may be missed.</param>
    /// <param name="cancellationToken">Stops the watch.</param>
    /// <exception cref="KubernetesApiException">The first list failed.</exception>
    public async Task RunAsync(
        Action<IReadOnlyList<OcmSummary>> onListed,
        Action<OcmSummary> onChange,
        Action<string> onError,
        CancellationToken cancellationToken)
    {
        var changes = Channel.CreateUnbounded<InformerChange>();
        var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Informer? informer = null;
        informer = informers.Create(
            onboarding, api.Ocm, WatchScope.Everything, change => changes.Writer.TryWrite(change), () => OnState(informer!.State));
        using var running = new RunningInformer(informer, informers.RunAsync, cancellationToken);
        await listed.Task.WaitAsync(cancellationToken);
        while (changes.Reader.TryRead(out var change))
        {
            Take(change);
        }

        onListed(OcmSummary.Sorted(_reported.Values));
        await foreach (var change in changes.Reader.ReadAllAsync(cancellationToken))
        {
            if (Take(change) is { } changed)
            {
                onChange(changed);
            }
        }

        void OnState(InformerState state)
        {
            if (state.Failure is { } failure)
            {
                if (!listed.TrySetException(failure))
                {
                    onError(failure.Message);
                }
            }
            else if (!state.IsServed)
            {
                listed.TrySetException(new KubernetesApiException(
                    (int)HttpStatusCode.NotFound, nameof(HttpStatusCode.NotFound), $"{api.Ocm.QualifiedPlural} is not served"));
            }
            else
            {
                listed.TrySetResult();
            }
        }
    }

    // Not every change of an OCM changes its status.
    private OcmSummary? Take(InformerChange change)
    {
        if (change.After is not { } ocm)
        {
            return _reported.Remove(change.Key, out var last) ? last.Gone(time.GetUtcNow()) : null;
        }

        var summary = OcmSummary.Of(ocm);
        if (_reported.TryGetValue(change.Key, out var before) && before == summary)
        {
            return null;
        }

        _reported[change.Key] = summary;
        return summary;
    }
}
