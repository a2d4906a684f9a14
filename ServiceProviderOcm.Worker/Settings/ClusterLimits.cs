namespace ServiceProviderOcm.Worker.Settings;

/// <summary>How much the controller reads of the clusters of a group, and how much it keeps.</summary>
public sealed class ClusterLimits
{
    /// <summary>The maximum size of one answer, in bytes.</summary>
    public long AnswerBytes { get; set; }

    /// <summary>The maximum size of one object in a list or a watch, in bytes.</summary>
    public int ObjectBytes { get; set; }

    /// <summary>The maximum number of bytes of one kind per minute; 0 for no limit.</summary>
    public long BytesPerMinute { get; set; }

    /// <summary>The maximum number of objects of one kind.</summary>
    public int Objects { get; set; }

    /// <summary>The maximum memory for the objects of one kind, in bytes.</summary>
    public long StoreBytes { get; set; }

    /// <summary>The maximum number of pages of one list.</summary>
    public int Pages { get; set; }

    /// <summary>The defaults for the platform and the onboarding cluster.</summary>
    public static ClusterLimits ForSharedClusters() => new()
    {
        AnswerBytes = 512L << 20,
        ObjectBytes = 8 << 20,
        Objects = 200_000,
        StoreBytes = 1L << 30,
        Pages = 50_000,
    };

    /// <summary>The defaults for a control plane.</summary>
    public static ClusterLimits ForControlPlanes() => new()
    {
        AnswerBytes = 16 << 20,
        ObjectBytes = 4 << 20,
        BytesPerMinute = 64 << 20,
        Objects = 5_000,
        StoreBytes = 16 << 20,
        Pages = 500,
    };
}
