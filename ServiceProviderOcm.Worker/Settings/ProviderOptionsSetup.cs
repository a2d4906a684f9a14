using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ServiceProviderOcm.Worker.Settings;

/// <summary>Reads the settings from the configuration and collects the errors.</summary>
internal sealed class ProviderOptionsSetup(IConfiguration configuration) : IConfigureOptions<ProviderOptions>
{
    public void Configure(ProviderOptions options)
    {
        List<string> errors = [];
        foreach (var setting in ProviderSettings.All)
        {
            if (configuration[setting.Key] is { } text && !setting.TrySet(options, text))
            {
                errors.Add($"{setting.Flag ?? setting.Name} \"{text}\" is not {setting.Expected}.");
            }
        }

        options.Unreadable = errors;
    }
}
