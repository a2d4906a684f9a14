using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ServiceProviderOcm.Worker.Settings;

/// <summary>Reads the settings from the configuration, and keeps account of those that cannot be read.</summary>
internal sealed class ProviderOptionsSetup(IConfiguration configuration) : IConfigureOptions<ProviderOptions>
{
    public void Configure(ProviderOptions options)
    {
        List<string> faults = [];
        foreach (var setting in ProviderSettings.All)
        {
            if (configuration[setting.Key] is { } text && !setting.TrySet(options, text))
            {
                faults.Add($"{setting.Flag ?? setting.Name} \"{text}\" is not {setting.Expected}.");
            }
        }

        options.Unreadable = faults;
    }
}
