using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>How a change of the ProviderConfig reaches the OCMs: <c>spec.rollout</c>. Names and meanings are those of a Deployment.</summary>
public sealed record RolloutSettings
{
    /// <summary>Without <c>spec.rollout</c>.</summary>
    public static readonly RolloutSettings Default = new();

    private const string Path = "spec.rollout";
    private const int LongestSeconds = 30 * 24 * 3600;

    /// <summary>How many OCMs may be unavailable before no further available one is updated.</summary>
    public NumberOrPercentage MaxUnavailable { get; init; } = new(25, IsPercentage: true);

    /// <summary>How many updated OCMs may fail; with more, the rollout stalls.</summary>
    public NumberOrPercentage MaxFailures { get; init; } = new(1, IsPercentage: false);

    /// <summary>How long an OCM must be Ready to be available.</summary>
    public TimeSpan MinReady { get; init; } = TimeSpan.Zero;

    /// <summary>How long an OCM may take to become Ready after its update.</summary>
    public TimeSpan ProgressDeadline { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Whether no OCM is updated for now.</summary>
    public bool IsPaused { get; init; }

    /// <summary>The tenant namespaces whose OCMs are updated before all others; null if there are none.</summary>
    public LabelSelector? Canary { get; init; }

    /// <summary>What is wrong. As long as there is anything, the rollout is paused.</summary>
    public IReadOnlyList<ConfigIssue> Errors { get; init; } = [];

    /// <summary>Reads <c>spec.rollout</c>; what is wrong with it is in the result.</summary>
    /// <param name="spec">The spec of the ProviderConfig.</param>
    internal static RolloutSettings Read(JsonElement spec)
    {
        if (spec.At("rollout") is not { } given)
        {
            return Default;
        }

        List<ConfigIssue> errors = [];
        if (given.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new ConfigIssue(Path, "must be an object"));
        }

        var settings = new RolloutSettings
        {
            MaxUnavailable = Share("maxUnavailable", Default.MaxUnavailable, min: 1),
            MaxFailures = Share("maxFailures", Default.MaxFailures, min: 0),
            MinReady = Seconds("minReadySeconds", Default.MinReady, min: 0),
            ProgressDeadline = Seconds("progressDeadlineSeconds", Default.ProgressDeadline, min: 1),
            Canary = Selector(),
        };
        if (settings.ProgressDeadline <= settings.MinReady)
        {
            errors.Add(new ConfigIssue($"{Path}.progressDeadlineSeconds", $"must be greater than minReadySeconds, which is {settings.MinReady.TotalSeconds}"));
        }

        var paused = given.At("paused");
        if (paused is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
        {
            errors.Add(new ConfigIssue($"{Path}.paused", "must be true or false"));
        }

        return settings with { IsPaused = errors.Count > 0 || paused is { ValueKind: JsonValueKind.True }, Errors = errors };

        NumberOrPercentage Share(string field, NumberOrPercentage byDefault, int min)
        {
            if (given.At(field) is not { } value)
            {
                return byDefault;
            }

            if (NumberOrPercentage.Read(value, min) is { } read)
            {
                return read;
            }

            errors.Add(new ConfigIssue($"{Path}.{field}", $"must be a number from {min}, or a percentage from 1% to 100%"));
            return byDefault;
        }

        TimeSpan Seconds(string field, TimeSpan byDefault, int min)
        {
            if (given.At(field) is not { } value)
            {
                return byDefault;
            }

            if (value.Number() is { } seconds && seconds >= min && seconds <= LongestSeconds)
            {
                return TimeSpan.FromSeconds(seconds);
            }

            errors.Add(new ConfigIssue($"{Path}.{field}", $"must be a number of seconds from {min} to {LongestSeconds}"));
            return byDefault;
        }

        LabelSelector? Selector()
        {
            if (given.At("canary") is not { } canary)
            {
                return null;
            }

            if (canary.At("selector") is not { } selector)
            {
                errors.Add(new ConfigIssue($"{Path}.canary.selector", "must be a label selector"));
                return null;
            }

            var read = LabelSelector.Read(selector, $"{Path}.canary.selector", out var selectorErrors);
            errors.AddRange(selectorErrors);
            return read;
        }
    }
}
