using System.CommandLine;
using System.Globalization;
using ServiceProviderOcm.Core.Model.Api;
using ServiceProviderOcm.Core.Model.Configuration;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary>Options that several commands have.</summary>
internal static class CommandOptions
{
    /// <summary>An API group.</summary>
    public static Option<string?> ApiGroup(string name, string description, bool isRequired = false) => new(name)
    {
        Description = description,
        HelpName = "GROUP",
        Required = isRequired,
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var token] && ProviderApi.ErrorOf(token.Value) is { } error)
                {
                    result.AddError($"{name} \"{token.Value}\" {error}.");
                }
            },
        },
    };

    /// <summary><c>--timeout</c>.</summary>
    public static Option<TimeSpan> Timeout(string description, int defaultMinutes) => new("--timeout")
    {
        Description = description,
        HelpName = "DURATION",
        DefaultValueFactory = _ => TimeSpan.FromMinutes(defaultMinutes),
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!GoDuration.TryParse(text, out var duration) || duration <= TimeSpan.Zero)
            {
                result.AddError(string.Create(
                    CultureInfo.InvariantCulture, $"--timeout \"{text}\" is not a duration, such as {defaultMinutes}m."));
            }

            return duration;
        },
    };
}
