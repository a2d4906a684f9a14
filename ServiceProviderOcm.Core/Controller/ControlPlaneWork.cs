using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model;
using ServiceProviderOcm.Core.Plan;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// The steps on one control plane that are not done yet, and how the last of them went. Each plan replaces those of the plan before.
/// Thread-safe; only one caller at a time applies steps.
/// </summary>
internal sealed class ControlPlaneWork
{
    // After this many complete passes in a row, steps that are still needed are contested. Pruning thousands of objects takes more passes.
    private const int MaxPasses = 5;
    private const int MaxLargePasses = 50;

    private readonly Lock _lock = new();
    private List<PlanStep> _pending = [];
    private List<PlanStep> _forced = [];
    private PlanStep? _running;
    private ControlPlaneProgress _progress = ControlPlaneProgress.Pending;
    private int _passes;
    private int _largePasses;
    private int _appliedInPass;
    private int _begun;

    /// <summary>Whether a step is being applied.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                return _running is not null;
            }
        }
    }

    /// <summary>The number of steps that have been begun.</summary>
    public int Begun
    {
        get
        {
            lock (_lock)
            {
                return _begun;
            }
        }
    }

    /// <summary>Whether there are steps to apply.</summary>
    public bool HasPending
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count > 0;
            }
        }
    }

    /// <summary>Whether no step has been begun since there were this many, and none is to be.</summary>
    public bool IsIdleSince(int begun)
    {
        lock (_lock)
        {
            return _running is null && _pending.Count == 0 && _begun == begun;
        }
    }

    /// <summary>Replaces the steps.</summary>
    /// <param name="steps">The steps of the latest plan.</param>
    /// <param name="submission">What led to the plan.</param>
    public ControlPlaneProgress Submit(IReadOnlyList<PlanStep> steps, ControlPlaneSubmission submission)
    {
        lock (_lock)
        {
            // Forced steps are planned once, and kept until they are done, unless a later plan has others for the same objects.
            var planned = steps.Select(ObjectOf).ToHashSet();
            _forced = submission.IsForced ? [.. steps]
                : submission.KeepsForced ? _forced.FindAll(forced => !planned.Contains(ObjectOf(forced)))
                : [];
            _pending = submission.IsForced ? [.. steps] : [.. steps, .. _forced];
            if (submission.IsNews || steps.Count == 0)
            {
                (_passes, _largePasses) = (0, 0);
            }

            if (steps.Count == 0)
            {
                _progress = ControlPlaneProgress.Pending;
                return ControlPlaneProgress.Done;
            }

            if (_passes >= MaxPasses || _largePasses >= MaxLargePasses)
            {
                _pending = [];
                return new ControlPlaneProgress.Contested(steps[^1]);
            }

            if (_progress is ControlPlaneProgress.Failed { Step: var failed } && !planned.Contains(ObjectOf(failed)))
            {
                _progress = ControlPlaneProgress.Pending;
            }

            return _progress;
        }
    }

    /// <summary>The next step to apply, or null. One of the methods below must follow.</summary>
    public PlanStep? Begin()
    {
        lock (_lock)
        {
            _running = _pending.FirstOrDefault();
            _begun += _running is null ? 0 : 1;
            return _running;
        }
    }

    /// <summary>The step is done.</summary>
    public void Succeeded(PlanStep step)
    {
        lock (_lock)
        {
            _running = null;

            // A plan that was made meanwhile has the step again.
            _pending.RemoveAll(pending => IsSame(pending, step));
            _forced.RemoveAll(pending => IsSame(pending, step));
            _appliedInPass++;
            if (_pending.Count == 0)
            {
                EndPass();
            }

            if (_progress is ControlPlaneProgress.Failed { Step: var failed } && IsOnSameObject(step, failed))
            {
                _progress = ControlPlaneProgress.Pending;
            }
        }
    }

    /// <summary>The step failed, and is to be applied again. Steps are forced once, whatever the result.</summary>
    public void Failed(PlanStep step, KubernetesApiException error)
    {
        lock (_lock)
        {
            _running = null;
            _forced = [];
            _progress = new ControlPlaneProgress.Failed(step, error);
        }
    }

    private static (ResourceKind Kind, ObjectKey Key) ObjectOf(PlanStep step) => (step.Kind, step.Key);

    private static bool IsOnSameObject(PlanStep one, PlanStep other) => ObjectOf(one) == ObjectOf(other);

    private static bool IsSame(PlanStep one, PlanStep other) => IsOnSameObject(one, other) && (one, other) switch
    {
        (ApplyStep apply, ApplyStep same) => JsonElement.DeepEquals(apply.Manifest.Json, same.Manifest.Json),
        (PatchStep patch, PatchStep same) => JsonElement.DeepEquals(patch.Patch, same.Patch),
        (DeleteStep delete, DeleteStep same) => delete.Observed.Uid == same.Observed.Uid,
        _ => false,
    };

    private void EndPass()
    {
        var isLarge = _appliedInPass >= ControlPlaneObjects.MostPruned;
        _passes += isLarge ? 0 : 1;
        _largePasses += isLarge ? 1 : 0;
        _appliedInPass = 0;
    }
}
