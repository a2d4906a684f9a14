using System.Net;
using System.Threading.Channels;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;

namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>Tells how all OCMs stand, and each change from then on.</summary>
public sealed class OcmFollower(IKubernetesApi onboarding, ProviderApi api, InformerFactory informers, TimeProvider time)
{
    private readonly Dictionary<ObjectKey, OcmSummary> _told = [];

    /// <summary>Follows until cancelled.</summary>
    /// <param name="onListed">Told all OCMs there are, once.</param>
    /// <param name="onChange">Told an OCM that stands otherwise than before, or is gone.</param>
    /// <param name="onTrouble">Told why changes may be missed for the time being.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="KubernetesApiException">The OCMs cannot even be listed.</exception>
    public async Task RunAsync(
        Action<IReadOnlyList<OcmSummary>> onListed,
        Action<OcmSummary> onChange,
        Action<string> onTrouble,
        CancellationToken cancellationToken)
    {
        var changes = Channel.CreateUnbounded<InformerChange>();
        var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Informer? informer = null;
        informer = informers.Create(
            onboarding, api.Ocm, Selection.Everything, change => changes.Writer.TryWrite(change), () => OnState(informer!.State));
        using var following = new RunningInformer(informer, cancellationToken);
        await listed.Task.WaitAsync(cancellationToken);
        while (changes.Reader.TryRead(out var change))
        {
            Take(change);
        }

        onListed(OcmSummary.Sorted(_told.Values));
        await foreach (var change in changes.Reader.ReadAllAsync(cancellationToken))
        {
            if (Take(change) is { } news)
            {
                onChange(news);
            }
        }

        void OnState(InformerState state)
        {
            if (state.Failure is { } failure)
            {
                if (!listed.TrySetException(failure))
                {
                    onTrouble(failure.Message);
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

    // What changes in an OCM need not change how it stands.
    private OcmSummary? Take(InformerChange change)
    {
        if (change.After is not { } ocm)
        {
            return _told.Remove(change.Key, out var last) ? last.Gone(time.GetUtcNow()) : null;
        }

        var summary = OcmSummary.Of(ocm);
        if (_told.TryGetValue(change.Key, out var before) && before == summary)
        {
            return null;
        }

        _told[change.Key] = summary;
        return summary;
    }
}
