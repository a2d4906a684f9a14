using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ServiceProviderOcm.Tests.Bench.Compare;

/// <summary>The command line of scripts/compare.</summary>
/// <param name="Tenants">The number of tenants.</param>
/// <param name="Idle">How long to count requests of the idle provider.</param>
/// <param name="GoVersion">The version of the Go provider, which it does not tell.</param>
/// <param name="File">The document with the markers.</param>
public sealed record ComparisonArguments(int Tenants, TimeSpan Idle, string GoVersion, string File)
{
    /// <summary>The form of the command line.</summary>
    public const string Usage = "usage: compare [TENANTS [SECONDS]] [--go-version VERSION] [--file FILE]";

    private const int DefaultTenants = 200;
    private const int DefaultSeconds = 120;

    /// <summary>Reads a command line, without the command.</summary>
    public static bool TryParse(IEnumerable<string> arguments, [NotNullWhen(true)] out ComparisonArguments? parsed)
    {
        parsed = null;
        List<int> numbers = [DefaultTenants, DefaultSeconds];
        var flags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--go-version"] = "of unknown version",
            ["--file"] = Path.Combine("docs", "comparison.md"),
        };
        var rest = new Queue<string>(arguments);
        for (var place = 0; rest.TryDequeue(out var argument);)
        {
            if (flags.ContainsKey(argument) && rest.TryDequeue(out var value))
            {
                flags[argument] = value;
            }
            else if (place < numbers.Count && int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            {
                numbers[place++] = number;
            }
            else
            {
                return false;
            }
        }

        parsed = new ComparisonArguments(numbers[0], TimeSpan.FromSeconds(numbers[1]), flags["--go-version"], flags["--file"]);
        return true;
    }
}
