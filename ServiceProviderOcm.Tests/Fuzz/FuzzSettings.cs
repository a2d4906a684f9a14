using System.Globalization;

namespace ServiceProviderOcm.Tests.Fuzz;

/// <summary>How many inputs each parser gets, and from which seed: <c>FUZZ_COUNT</c> and <c>FUZZ_SEED</c>.</summary>
internal static class FuzzSettings
{
    private const int Few = 200;

    /// <summary>The number of inputs of each parser.</summary>
    public static int Count { get; } = Read("FUZZ_COUNT") ?? Few;

    /// <summary>The seed of all inputs.</summary>
    public static int Seed { get; } = Read("FUZZ_SEED") ?? Random.Shared.Next();

    private static int? Read(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
