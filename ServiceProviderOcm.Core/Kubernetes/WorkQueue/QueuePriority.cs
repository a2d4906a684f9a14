namespace ServiceProviderOcm.Core.Kubernetes.WorkQueue;

/// <summary>How urgent a key is. A higher one is taken first, but a lower one is never starved.</summary>
public enum QueuePriority
{
    /// <summary>Work in the background.</summary>
    Low,

    /// <summary>Work for many keys at once.</summary>
    Normal,

    /// <summary>Work for one key.</summary>
    High,

    /// <summary>Work that a user waits for.</summary>
    Urgent,
}
