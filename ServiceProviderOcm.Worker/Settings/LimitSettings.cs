using System.Globalization;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Worker.Settings;

/// <summary>The settings of <see cref="ClusterLimits"/> and <see cref="ControlPlaneBudget"/>.</summary>
internal static class LimitSettings
{
    /// <summary>The beginning of the flags for the platform and the onboarding cluster.</summary>
    public const string SharedClusters = "--shared-cluster-max-";

    /// <summary>The beginning of the flags for control planes.</summary>
    public const string ControlPlanes = "--control-plane-max-";

    /// <summary>The beginning of the flags for what control planes have together.</summary>
    public const string AllControlPlanes = "--control-plane-";

    private const string WholeNumber = "a whole number";
    private const string Size = "a number of bytes, such as 16777216 or 16Mi";

    private static readonly (string Suffix, int Shift)[] Units = [("", 0), ("Ki", 10), ("Mi", 20), ("Gi", 30)];

    public static readonly IReadOnlyList<Setting> All =
    [
        .. Of(
            nameof(ProviderOptions.ControlPlaneLimits),
            ControlPlanes,
            "a control plane",
            options => options.ControlPlaneLimits,
            ClusterLimits.ForControlPlanes()),
        .. Budget,
        .. Of(
            nameof(ProviderOptions.SharedClusterLimits),
            SharedClusters,
            "the platform or the onboarding cluster",
            options => options.SharedClusterLimits,
            ClusterLimits.ForSharedClusters()),
    ];

    private static IEnumerable<Setting> Budget =>
    [
        Bytes(nameof(ControlPlaneBudget.TotalBytes), "total-bytes",
            "Memory for the objects of all control planes together (default: 128Mi)", (budget, value) => budget.TotalBytes = value),
        Bytes(nameof(ControlPlaneBudget.OwnMemory), "own-memory",
            "Memory that each control plane has for itself while its answers are read (default: 256Ki)", (budget, value) => budget.OwnMemory = value),
        Bytes(nameof(ControlPlaneBudget.GroupMemory), "group-memory",
            "Memory beyond that for answers of the control planes of one namespace (default: 32Mi)", (budget, value) => budget.GroupMemory = value),
        Bytes(nameof(ControlPlaneBudget.SharedMemory), "shared-memory",
            "Memory beyond that for answers of all control planes (default: 64Mi)", (budget, value) => budget.SharedMemory = value),
        Bytes(nameof(ControlPlaneBudget.OwnTraffic), "own-traffic",
            "Bytes that each control plane may send for itself per minute (default: 1Mi)", (budget, value) => budget.OwnTraffic = value),
        Bytes(nameof(ControlPlaneBudget.GroupTraffic), "group-traffic",
            "Bytes per minute beyond that of the control planes of one namespace (default: 128Mi)", (budget, value) => budget.GroupTraffic = value),
        Bytes(nameof(ControlPlaneBudget.SharedTraffic), "shared-traffic",
            "Bytes per minute beyond that of all control planes (default: 256Mi)", (budget, value) => budget.SharedTraffic = value),
        Duration(nameof(ControlPlaneBudget.RequestTimeout), "--control-plane-request-timeout",
            "Timeout of a request to a control plane (default: 10s)", (budget, value) => budget.RequestTimeout = value),
        Counted(
            $"{nameof(ProviderOptions.ControlPlaneBudget)}:{nameof(ControlPlaneBudget.TurnSteps)}",
            "--control-plane-turn-steps",
            "Number of steps on a control plane before others have their turn (default: 20)",
            (options, value) => options.ControlPlaneBudget.TurnSteps = value),
        Duration(nameof(ControlPlaneBudget.TurnDuration), "--control-plane-turn-duration",
            "Time for steps on a control plane before others have their turn (default: 10s)", (budget, value) => budget.TurnDuration = value),
    ];

    private static IEnumerable<Setting> Of(
        string group, string prefix, string cluster, Func<ProviderOptions, ClusterLimits> of, ClusterLimits defaults) =>
    [
        Sized<long>($"{group}:{nameof(ClusterLimits.AnswerBytes)}", $"{prefix}answer-bytes",
            $"Size of one answer of {cluster} (default: {Text(defaults.AnswerBytes)})", (options, value) => of(options).AnswerBytes = value),
        Sized<int>($"{group}:{nameof(ClusterLimits.ObjectBytes)}", $"{prefix}object-bytes",
            $"Size of one object of {cluster} (default: {Text(defaults.ObjectBytes)})", (options, value) => of(options).ObjectBytes = value),
        Sized<long>($"{group}:{nameof(ClusterLimits.BytesPerMinute)}", $"{prefix}bytes-per-minute",
            $"Bytes of one kind that {cluster} sends per minute; 0 for no limit (default: {Text(defaults.BytesPerMinute)})",
            (options, value) => of(options).BytesPerMinute = value),
        Counted($"{group}:{nameof(ClusterLimits.Objects)}", $"{prefix}objects",
            $"Number of objects of one kind of {cluster} (default: {Text(defaults.Objects)})", (options, value) => of(options).Objects = value),
        Sized<long>($"{group}:{nameof(ClusterLimits.StoreBytes)}", $"{prefix}store-bytes",
            $"Memory for the objects of one kind of {cluster} (default: {Text(defaults.StoreBytes)})",
            (options, value) => of(options).StoreBytes = value),
        Counted($"{group}:{nameof(ClusterLimits.Pages)}", $"{prefix}pages",
            $"Number of pages of one list of {cluster} (default: {Text(defaults.Pages)})", (options, value) => of(options).Pages = value),
    ];

    /// <summary>A setting that is a number of things.</summary>
    public static Setting Counted(string name, string flag, string description, Action<ProviderOptions, int> set) =>
        Setting.Parsed<int>(name, flag, "COUNT", description, WholeNumber, TryParseCount, set) with { IsForRun = true };

    /// <summary>A setting that is a number of bytes.</summary>
    public static Setting Sized<T>(string name, string flag, string description, Action<ProviderOptions, T> set)
        where T : struct, IConvertible =>
        Setting.Parsed<T>(name, flag, "BYTES", description, Size, TryParseBytes, set) with { IsForRun = true };

    private static Setting Bytes(string name, string flagEnd, string description, Action<ControlPlaneBudget, long> set) => Sized<long>(
        $"{nameof(ProviderOptions.ControlPlaneBudget)}:{name}",
        AllControlPlanes + flagEnd,
        description,
        (options, value) => set(options.ControlPlaneBudget, value));

    private static Setting Duration(string name, string flag, string description, Action<ControlPlaneBudget, TimeSpan> set) =>
        Setting.Parsed<TimeSpan>(
            $"{nameof(ProviderOptions.ControlPlaneBudget)}:{name}", flag, "DURATION", description, "a duration, such as 10s",
            GoDuration.TryParse, (options, value) => set(options.ControlPlaneBudget, value)) with
        { IsForRun = true };

    private static bool TryParseCount(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool TryParseBytes<T>(string text, out T value)
        where T : struct, IConvertible
    {
        value = default;
        var (suffix, shift) = Units.Last(unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal));
        if (!long.TryParse(text[..^suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > (typeof(T) == typeof(int) ? int.MaxValue : long.MaxValue) >> shift)
        {
            return false;
        }

        value = (T)Convert.ChangeType(number << shift, typeof(T), CultureInfo.InvariantCulture);
        return true;
    }

    private static string Text(long number)
    {
        var (suffix, shift) = Units.Last(unit => unit.Shift == 0 || (number >= 1L << unit.Shift && number % (1L << unit.Shift) == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{number >> shift}{suffix}");
    }
}
