using ServiceProviderOcm.Core.Kubernetes.Objects;
using ServiceProviderOcm.Core.Model.Configuration;
using ServiceProviderOcm.Core.Rollout;

namespace ServiceProviderOcm.Core.Tools.Diff;

/// <summary>The stages of a rollout if each update succeeds: what <see cref="RolloutDecider"/> decides, one decision after the other.</summary>
/// <param name="Stages">The stages, in their order.</param>
/// <param name="Last">The decision after them.</param>
/// <param name="IsPaused">Whether the settings hold the rollout, so that the stages begin when they no longer do.</param>
public sealed record RolloutForecast(IReadOnlyList<RolloutStage> Stages, RolloutDecision Last, bool IsPaused)
{
    /// <summary>Forecasts. A pure function.</summary>
    /// <param name="fleet">The OCMs.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="now">The time.</param>
    public static RolloutForecast Of(RolloutFleet fleet, RolloutSettings settings, DateTimeOffset now)
    {
        var running = settings with { IsPaused = false };
        var members = fleet.Members.ToDictionary(member => member.Ocm);
        List<RolloutStage> stages = [];
        RolloutDecision decision;
        while (true)
        {
            List<ObjectKey> updated = [];
            decision = Decide();
            while (decision.Next.Count > 0)
            {
                foreach (var ocm in decision.Next)
                {
                    members[ocm] = members[ocm] with
                    {
                        IsUpdated = true,
                        IsReady = false,
                        ReadyChangedAt = now,
                        UpdatedAt = now,
                        WasReady = members[ocm].IsReadyButForUpdates(running),
                        IsStalled = false,
                    };
                    updated.Add(ocm);
                }

                decision = Decide();
            }

            if (updated.Count == 0)
            {
                return new RolloutForecast(stages, decision, settings.IsPaused && stages.Count > 0);
            }

            stages.Add(new RolloutStage(members[updated[0]].IsCanary, updated));
            foreach (var ocm in updated)
            {
                members[ocm] = members[ocm] with { IsReady = true };
            }

            now += running.MinReady;
        }

        RolloutDecision Decide() => RolloutDecider.Decide(fleet with { Members = [.. members.Values], StartedAt = now }, running, now);
    }
}
