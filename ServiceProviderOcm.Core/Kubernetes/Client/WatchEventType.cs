namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>What a watch event says of its object.</summary>
public enum WatchEventType
{
    /// <summary>The object is new, or new to the selection.</summary>
    Added,

    /// <summary>The object has changed.</summary>
    Modified,

    /// <summary>The object is gone, or gone from the selection.</summary>
    Deleted,

    /// <summary>Nothing changed up to the resourceVersion of the object, which holds nothing else.</summary>
    Bookmark,
}
