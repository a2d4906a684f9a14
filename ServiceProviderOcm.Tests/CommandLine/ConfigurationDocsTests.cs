using System.Text.RegularExpressions;
using NUnit.Framework;
using ServiceProviderOcm.Tests.Servers;
using ServiceProviderOcm.Worker.Settings;

namespace ServiceProviderOcm.Tests.CommandLine;

/// <summary>The tables of <c>docs/configuration.md</c> have the settings of the program. A default in words is not compared.</summary>
public sealed partial class ConfigurationDocsTests
{
    [Test]
    public void Every_setting_has_one_row_with_its_flag_and_the_default_of_the_help() => Assert.That(
        Documented(),
        Is.EquivalentTo(ProviderSettings.All.Select(setting => (setting.Name, setting.Flag ?? setting.Variable, DefaultOf(setting)))));

    [Test]
    public void The_default_of_the_help_is_that_of_the_program()
    {
        var expected = Values(new ProviderOptions()).ToList();
        foreach (var setting in ProviderSettings.All)
        {
            if (DefaultOf(setting) is { } text)
            {
                var options = new ProviderOptions();
                Assert.That(setting.TrySet(options, text), Is.True, setting.Name);
                Assert.That(Values(options), Is.EqualTo(expected), setting.Name);
            }
        }
    }

    // A value, or that of a switch; null for a default in words, and for none.
    private static string? DefaultOf(Setting setting) =>
        HelpDefault().Match(setting.Description) is { Success: true } match ? match.Groups[1].Value
        : setting is { IsSwitch: true, Flag: not null } ? "false"
        : null;

    private static IEnumerable<(string Name, string? Flag, string? Default)> Documented()
    {
        foreach (var line in File.ReadLines(Path.Combine(RepositoryRoot.Find(), "docs", "configuration.md")))
        {
            var cells = line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length == 5 && Texts(cells[0]) is [var limit])
            {
                var end = Texts(cells[1]).Single();
                yield return ($"{nameof(ProviderOptions.ControlPlaneLimits)}:{limit}", LimitSettings.ControlPlanes + end, DefaultIn(cells[2]));
                yield return ($"{nameof(ProviderOptions.SharedClusterLimits)}:{limit}", LimitSettings.SharedClusters + end, DefaultIn(cells[3]));
            }
            else if (cells.Length == 4 && Texts(cells[0]) is { Count: > 0 } names)
            {
                var flags = Texts(cells[1]).Where(flag => !ShortFlag().IsMatch(flag)).ToList();
                var defaults = Texts(cells[2]);
                for (var i = 0; i < flags.Count; i++)
                {
                    yield return (names[i], flags[i], names.Count > 1 && defaults.Count == names.Count ? defaults[i] : DefaultIn(cells[2]));
                }
            }
        }
    }

    private static IEnumerable<object?> Values(object options) => options.GetType().GetProperties().SelectMany(property =>
        property.PropertyType.Namespace == typeof(ProviderOptions).Namespace && property.PropertyType.IsClass
            ? Values(property.GetValue(options)!)
            : [property.GetValue(options)]);

    private static List<string> Texts(string cell) => [.. Code().Matches(cell).Select(match => match.Groups[1].Value)];

    private static string? DefaultIn(string cell) => DocumentedDefault().Match(cell) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"\(default: (\S+)\)")]
    private static partial Regex HelpDefault();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    // A value, which an explanation may follow: "`0`: no limit".
    [GeneratedRegex("^`([^`]+)`(?:$|:)")]
    private static partial Regex DocumentedDefault();

    [GeneratedRegex("^-[a-z]$")]
    private static partial Regex ShortFlag();
}
