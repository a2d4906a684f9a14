using System.Globalization;
using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>A number of OCMs, or a percentage of all of them, as <c>maxUnavailable</c> of a Deployment is.</summary>
/// <param name="Value">The number, or the percentage from 1 to 100.</param>
/// <param name="IsPercentage">Whether it is a percentage.</param>
public readonly record struct NumberOrPercentage(int Value, bool IsPercentage)
{
    /// <summary>The number out of a total. A percentage is rounded down, and at least 1.</summary>
    public int Of(int total) => IsPercentage ? Math.Max(1, (int)((long)total * Value / 100)) : Value;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value}{(IsPercentage ? "%" : "")}");

    /// <summary>Reads a field: a number, or a text such as <c>25%</c>.</summary>
    /// <param name="json">The field.</param>
    /// <param name="min">The lowest number that is accepted.</param>
    /// <returns>Null if it is neither.</returns>
    internal static NumberOrPercentage? Read(JsonElement json, int min)
    {
        if (json.Number() is { } number)
        {
            return number >= min && number <= int.MaxValue ? new NumberOrPercentage((int)number, IsPercentage: false) : null;
        }

        return json.Text() is [.. var digits, '%']
            && !digits.ContainsAnyExceptInRange('0', '9')
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var percentage)
            && percentage is >= 1 and <= 100
            ? new NumberOrPercentage(percentage, IsPercentage: true)
            : null;
    }
}
