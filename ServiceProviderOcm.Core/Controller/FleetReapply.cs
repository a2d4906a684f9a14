using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Controller;

/// <summary>
/// The operation <c>reconcile</c> of the ProviderConfig: which OCMs everything is still to be applied for. It is done when that has been
/// attempted for each. Thread-safe.
/// </summary>
internal sealed class FleetReapply
{
    private readonly Lock _lock = new();

    // Where it has failed, the retry applies everything, too.
    private readonly HashSet<ObjectKey> _due = [];
    private readonly HashSet<ObjectKey> _unattempted = [];
    private bool _isRequested;

    /// <summary>Whether it is requested, and has been attempted for each OCM.</summary>
    public bool IsDone
    {
        get
        {
            lock (_lock)
            {
                return _isRequested && _unattempted.Count == 0;
            }
        }
    }

    /// <summary>The number of OCMs that something is known of.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _due.Count;
            }
        }
    }

    /// <summary>Requests or cancels the operation as its object says now; whether it was requested, and was not before.</summary>
    /// <param name="isRequested">Reads the object. Calls on other threads wait until it has been followed.</param>
    /// <param name="ocms">All OCMs; null if they have not been listed yet.</param>
    public bool Follow(Func<bool> isRequested, Func<IEnumerable<ObjectKey>?> ocms)
    {
        lock (_lock)
        {
            if (!isRequested())
            {
                Cancel();
                return false;
            }

            return ocms() is { } all && Request(all);
        }
    }

    /// <summary>The operation is requested; whether it was not before.</summary>
    public bool Request(IEnumerable<ObjectKey> ocms)
    {
        lock (_lock)
        {
            if (_isRequested)
            {
                return false;
            }

            _isRequested = true;
            _due.UnionWith(ocms);
            _unattempted.UnionWith(_due);
            return true;
        }
    }

    /// <summary>The operation is not requested any more; what has not been attempted is dropped.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _isRequested = false;
            _due.ExceptWith(_unattempted);
            _unattempted.Clear();
        }
    }

    /// <summary>Whether everything is to be applied for an OCM.</summary>
    public bool IsDue(ObjectKey ocm)
    {
        lock (_lock)
        {
            return _due.Contains(ocm);
        }
    }

    /// <summary>Everything has been applied for an OCM, or an attempt has failed; whether it was the last one that was missing.</summary>
    public bool Attempted(ObjectKey ocm, bool isApplied)
    {
        lock (_lock)
        {
            if (isApplied)
            {
                _due.Remove(ocm);
            }

            return _unattempted.Remove(ocm) && _unattempted.Count == 0 && _isRequested;
        }
    }
}
