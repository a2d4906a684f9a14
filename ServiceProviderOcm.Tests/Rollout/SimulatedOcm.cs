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
    private DateTimeOffset? _installedAt;
    private DateTimeOffset? _firstUpdateAt;
    private bool _isDisrupted;
    private bool _wasDisrupted;
    private DateTimeOffset? _markedAt;
    private bool _wasReady;
    private bool _wasNeverAvailable;

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

    /// <summary>Since when it is Ready, or is not.</summary>
    public DateTimeOffset ReadyChangedAt { get; private set; } = start.AddDays(-1);

    /// <summary>Whether it was Ready at its last update.</summary>
    public bool WasReadyAtUpdate { get; private set; }

    /// <summary>Whether Flux does not try its update again.</summary>
    public bool HasStalled { get; private set; }

    /// <summary>Whether it does not exist now.</summary>
    public bool IsGone => Is(DisruptionKind.Deleted);

    /// <summary>Whether it cannot be updated now.</summary>
    public bool IsHeld => Is(DisruptionKind.Held);

    /// <summary>Whether its control plane is unreachable now.</summary>
    public bool IsUnreachable => !IsReady && (Response.IsUnreachable || Is(DisruptionKind.Unreachable));

    /// <summary>Whether nothing tells any more that a rollout has updated it.</summary>
    public bool IsUnmarked => _markedAt is null;

    /// <summary>When it changes by itself; null if it does not.</summary>
    public DateTimeOffset? NextChange => Respond is { } one && Disrupt is { } other ? (one < other ? one : other) : Respond ?? Disrupt;

    private DateTimeOffset? Respond => IsReady || HasStalled || IsGone || (Response.FailsAt(Revision) && !Response.IsNoticed) ? null
        : _installedAt + Response.Duration;

    private DateTimeOffset? Disrupt => _wasDisrupted || Response.Disruption is not { } next ? null
        : _firstUpdateAt + next.After + (_isDisrupted ? next.Duration : TimeSpan.Zero);

    /// <summary>What a rollout sees; null if it takes no part.</summary>
    public RolloutMember? ToMember(string updateRevision) => IsGone ? null
        : new RolloutMember(Key, Revision == updateRevision && !IsHeld, IsReady, ReadyChangedAt)
        {
            IsCanary = Response.IsCanary,
            IsHeld = IsHeld,
            UpdatedAt = _markedAt,
            WasReady = _wasReady,
            WasNeverAvailable = _wasNeverAvailable,
            IsStalled = HasStalled,
            IsUnreachable = IsUnreachable,
        };

    /// <summary>It is updated.</summary>
    public void Update(string revision, RolloutSettings settings, DateTimeOffset now)
    {
        WasReadyAtUpdate = IsReady;
        _wasReady = ToMember(revision)!.IsReadyButForUpdates(settings);
        _markedAt = now;
        _wasNeverAvailable = true;
        _firstUpdateAt ??= now;
        Revision = revision;
        Install(now);
        Updates++;
    }

    /// <summary>Time passes.</summary>
    public void Advance(string newest, RolloutSettings settings, DateTimeOffset now)
    {
        while (Disrupt is { } disrupt && disrupt <= now)
        {
            (_isDisrupted, _wasDisrupted) = (!_isDisrupted, _isDisrupted);
            Change(Response.Disruption!.Kind, newest, settings, now);
        }

        if (Respond is { } change && change <= now)
        {
            HasStalled = Response.FailsAt(Revision);
            SetReady(!HasStalled, now);
        }

        _wasNeverAvailable &= !(IsReady && now >= ReadyChangedAt + settings.MinReady);
    }

    /// <summary>What only the process knew is lost.</summary>
    public void Restart() => _wasNeverAvailable = false;

    private bool Is(DisruptionKind kind) => _isDisrupted && Response.Disruption!.Kind == kind;

    // The begin of a disruption, or its end.
    private void Change(DisruptionKind kind, string newest, RolloutSettings settings, DateTimeOffset now)
    {
        switch (kind)
        {
            case DisruptionKind.Deleted when _isDisrupted:
                SetReady(false, now);
                break;
            case DisruptionKind.Deleted:
                Revision = Response.IsCanary ? newest : Revision;
                LoseMarks(now);
                break;
            case DisruptionKind.Stripped when _isDisrupted:
                LoseMarks(now);
                break;
            case DisruptionKind.Changed when _isDisrupted && Revision == newest && ToMember(newest)!.OutlastsOwnChange(settings, now):
                Install(now);
                break;
            case DisruptionKind.Changed when _isDisrupted:
                Revision = Response.IsCanary ? newest : Revision;
                LoseMarks(now);
                break;
            case DisruptionKind.Flickering when _isDisrupted:
                HasStalled = false;
                SetReady(true, now);
                break;
            case DisruptionKind.Flickering:
                Install(now);
                break;
        }
    }

    private void LoseMarks(DateTimeOffset now)
    {
        (_markedAt, _wasReady, _wasNeverAvailable) = (null, false, false);
        Install(now);
    }

    private void Install(DateTimeOffset now)
    {
        (_installedAt, HasStalled) = (now, false);
        SetReady(false, now);
    }

    private void SetReady(bool isReady, DateTimeOffset now)
    {
        ReadyChangedAt = isReady == IsReady ? ReadyChangedAt : now;
        IsReady = isReady;
    }
}
