using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Tests.Rollout;

/// <summary>An OCM of a simulated fleet.</summary>
/// <param name="number">Its number.</param>
/// <param name="response">How it responds to updates.</param>
/// <param name="start">When the simulation starts.</param>
internal sealed class SimulatedOcm(int number, Response response, DateTimeOffset start)
{
    /// <summary>Its key.</summary>
    public ObjectKey Key { get; } = new("team", $"ocm-{number:000}");

    /// <summary>How it responds to updates.</summary>
    public Response Response { get; } = response;

    /// <summary>The revision it is at.</summary>
    public string Revision { get; private set; } = "A";

    /// <summary>How often it was updated.</summary>
    public int Updates { get; private set; }

    /// <summary>Whether it is Ready.</summary>
    public bool IsReady { get; private set; } = response.IsReadyBefore;

    private DateTimeOffset ReadyChangedAt { get; set; } = start.AddDays(-1);

    private DateTimeOffset? UpdatedAt { get; set; }

    private bool WasReady { get; set; }

    private bool HasStalled { get; set; }

    /// <summary>When it changes by itself; null if it does not.</summary>
    public DateTimeOffset? NextChange => UpdatedAt is { } updated && !IsReady && !HasStalled
        ? Response.FailsAt(Revision) ? (Response.IsNoticed ? updated + Response.Duration : null) : updated + Response.Duration
        : null;

    /// <summary>What a rollout sees.</summary>
    public RolloutMember ToMember(string updateRevision) => new(Key, Revision == updateRevision, IsReady, ReadyChangedAt)
    {
        IsCanary = Response.IsCanary,
        UpdatedAt = UpdatedAt,
        WasReady = WasReady,
        IsStalled = HasStalled,
        IsUnreachable = Response.IsUnreachable && !IsReady,
    };

    /// <summary>It is updated.</summary>
    public void Update(string revision, RolloutSettings settings, DateTimeOffset now)
    {
        var wasReady = ToMember(revision).IsReadyButForUpdates(settings);
        (WasReady, Revision, UpdatedAt, HasStalled) = (wasReady, revision, now, false);
        if (IsReady)
        {
            (IsReady, ReadyChangedAt) = (false, now);
        }

        Updates++;
    }

    /// <summary>Time passes.</summary>
    public void Advance(DateTimeOffset now)
    {
        if (NextChange is { } change && change <= now)
        {
            (IsReady, HasStalled) = (!Response.FailsAt(Revision), Response.FailsAt(Revision));
            ReadyChangedAt = IsReady ? now : ReadyChangedAt;
        }
    }
}
