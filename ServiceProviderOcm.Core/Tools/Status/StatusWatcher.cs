using System.Net;
using ServiceProviderOcm.Core.Kubernetes.Client;
using ServiceProviderOcm.Core.Kubernetes.Informers;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Kubernetes.Timing;
using ServiceProviderOcm.Core.Model.Api;

namespace ServiceProviderOcm.Core.Tools.Status;

/// <summary>Reports the status of all OCMs and of the rollout, then each change.</summary>
/// <param name="onboarding">The onboarding cluster.</param>
/// <param name="api">The API group.</param>
/// <param name="rollout">Watches the rollout; null if it is not shown.</param>
/// <param name="informers">Makes informers.</param>
/// <param name="time">Clock.</param>
public sealed class StatusWatcher(
    IKubernetesApi onboarding, ProviderApi api, RolloutWatch? rollout, InformerFactory informers, TimeProvider time)
{
    private readonly Signal _changed = new();
    private readonly Dictionary<ObjectKey, OcmSummary> _reported = [];
    private RolloutSummary? _reportedRollout;

    /// <summary>Watches until cancelled.</summary>
    /// <param name="onListed">Called once with everything.</param>
    /// <param name="onChange">Called with each OCM whose status changed, or that was deleted.</param>
    /// <param name="onRollout">Called with the rollout when it changed.</param>
    /// <param name="onError">Called with an error while changes may be missed.</param>
    /// <param name="cancellationToken">Stops the watch.</param>
    /// <exception cref="KubernetesApiException">The first list failed.</exception>
    public async Task RunAsync(
        Action<StatusView> onListed,
        Action<OcmSummary> onChange,
        Action<RolloutSummary> onRollout,
        Action<string> onError,
        CancellationToken cancellationToken)
    {
        var listed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Informer? informer = null;
        informer = informers.Create(onboarding, api.Ocm, WatchScope.Everything, _ => _changed.Set(), () => OnState(informer!.State));
        using var running = new RunningInformer(informer, informers.RunAsync, cancellationToken);
        await listed.Task.WaitAsync(cancellationToken);
        if (rollout is not null)
        {
            await rollout.StartAsync(_changed.Set, onError, cancellationToken);
        }

        var (first, ocms) = Read(informer);
        _reportedRollout = first;
        foreach (var ocm in ocms)
        {
            _reported[ocm.Key] = ocm;
        }

        onListed(new StatusView(first, ocms));
        await foreach (var _ in _changed.AllAsync(cancellationToken))
        {
            Report(informer, onChange, onRollout);
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

            _changed.Set();
        }
    }

    private (RolloutSummary? Rollout, IReadOnlyList<OcmSummary> Ocms) Read(Informer informer)
    {
        // The store has the earlier state of one that cannot be read now.
        var unreadable = informer.UnreadableObjects.Where(ocm => ocm.Key.Name.Length > 0).ToDictionary(ocm => ocm.Key);
        var ocms = informer.Store.All.ToList();
        var (summary, fleet) = rollout?.Read(ocms) ?? (null, null);
        return (
            summary,
            OcmSummary.Sorted(ocms.Where(ocm => !unreadable.ContainsKey(ocm.Key))
                .Select(ocm => OcmSummary.Of(ocm, fleet))
                .Concat(unreadable.Values.Select(OcmSummary.Of))));
    }

    // Not every change of an object changes what is shown.
    private void Report(Informer informer, Action<OcmSummary> onChange, Action<RolloutSummary> onRollout)
    {
        var (summary, ocms) = Read(informer);
        foreach (var gone in _reported.Keys.Except(ocms.Select(ocm => ocm.Key)).ToList())
        {
            _reported.Remove(gone, out var last);
            onChange(last!.Gone(time.GetUtcNow()));
        }

        foreach (var ocm in ocms.Where(ocm => _reported.GetValueOrDefault(ocm.Key) != ocm))
        {
            _reported[ocm.Key] = ocm;
            onChange(ocm);
        }

        if (summary is not null && !summary.Equals(_reportedRollout))
        {
            _reportedRollout = summary;
            onRollout(summary);
        }
    }
}
