using System.CommandLine;
using ServiceProviderOcm.Worker.Hosting;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary>A flag that stands for one setting.</summary>
/// <param name="Option">The flag.</param>
/// <param name="Setting">The setting's name in <see cref="ProviderOptions"/>.</param>
internal sealed record Flag(Option<string?> Option, string Setting)
{
    public static Flag Of(string name, string setting, string description) =>
        new(new Option<string?>(name) { Description = description }, setting);

    /// <summary>The setting's key and value, if the flag is given.</summary>
    public KeyValuePair<string, string?>? Given(ParseResult result) =>
        result.GetResult(Option) is { Implicit: false } ? new($"{ProviderOptions.Section}:{Setting}", result.GetValue(Option)) : null;
}
