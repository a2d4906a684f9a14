namespace ServiceProviderOcm.Tests.Faults;

/// <summary>What happens to the controller at one request or at one watch event.</summary>
internal enum DisturbanceKind
{
    /// <summary>The process ends before the request is sent, and another one starts.</summary>
    CrashBefore,

    /// <summary>The process ends after the server has processed the request, before it is answered, and another one starts.</summary>
    CrashAfter,

    /// <summary>The event and all later ones of its watch arrive when nothing else happens any more.</summary>
    Delay,

    /// <summary>The same, but then the watch has expired (410 Gone), so that only the last of several states is seen.</summary>
    Coalesce,

    /// <summary>The watch expires (410 Gone) in place of the event.</summary>
    Expire,

    /// <summary>
    /// The process ends at the event. The next one lists what there is then, since lists without resourceVersion are consistent reads; but its
    /// watches of the event's cluster lag: they send nothing until nothing else happens any more.
    /// </summary>
    LaggingRestart,
}
