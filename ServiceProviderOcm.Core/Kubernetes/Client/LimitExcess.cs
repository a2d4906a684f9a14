using System.Globalization;
using System.Text.Json;

namespace ServiceProviderOcm.Core.Kubernetes.Client;

/// <summary>A limit on what is read, and what exceeds it.</summary>
/// <param name="Limit">The name of the limit's property.</param>
/// <param name="What">What exceeds it, with a verb, such as <c>the answer has at least</c>.</param>
/// <param name="Actual">How much there is, as far as it was read.</param>
/// <param name="Allowed">The limit.</param>
/// <param name="Unit">What is counted.</param>
internal sealed record LimitExcess(string Limit, string What, long Actual, long Allowed, string Unit = "bytes")
{
    /// <summary>Whether there is a flag for it, if there are flags.</summary>
    public bool IsSetting { get; init; } = true;

    /// <summary>The beginning of the limit's flag; null if it is that of the other limits.</summary>
    public string? FlagPrefix { get; init; }

    /// <summary>There are too many objects.</summary>
    public static LimitExcess Objects(long actual, long allowed) => new(nameof(Objects), "there are at least", actual, allowed, "objects");

    /// <summary>The objects take too much memory.</summary>
    public static LimitExcess StoreBytes(long actual, long allowed) =>
        new(nameof(StoreBytes), "the objects take at least", actual, allowed, "bytes of memory");

    /// <summary>An object has too many fields.</summary>
    public static LimitExcess ObjectFields(string name, long actual, long allowed) =>
        new(nameof(ReadLimits.ObjectFields), $"{name} has", actual, allowed, "fields and list items") { IsSetting = false };

    /// <summary>The headers of an answer are too long. They are not read further.</summary>
    public static LimitExcess HeaderBytes(int allowed) =>
        new(nameof(ReadLimits.HeaderBytes), "the headers of the response have at least", allowed + 1, allowed) { IsSetting = false };

    /// <summary>The limit's name in metrics.</summary>
    public string MetricName => JsonNamingPolicy.SnakeCaseLower.ConvertName(Limit);

    /// <summary>What exceeds the limit, the actual value, the limit and its setting.</summary>
    /// <param name="flagPrefix">The beginning of the flags of the other limits; null if they are no settings.</param>
    public string Describe(string? flagPrefix)
    {
        var setting = IsSetting && (FlagPrefix ?? flagPrefix) is { } prefix
            ? prefix + JsonNamingPolicy.KebabCaseLower.ConvertName(Limit)
            : $"limit {MetricName}";
        return string.Create(CultureInfo.InvariantCulture, $"{What} {Actual} {Unit}, and the limit is {Allowed} ({setting})");
    }
}
