using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ServiceProviderOcm.Worker.Settings;

/// <summary>Logs the settings that are given and have no effect.</summary>
internal static partial class IneffectiveSettings
{
    /// <summary>Logs a line for each.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="logger">The log.</param>
    public static void Log(IConfiguration configuration, ILogger logger)
    {
        foreach (var setting in ProviderSettings.All.Where(setting => setting.HasNoEffect && configuration[setting.Key] is not null))
        {
            LogIneffective(logger, setting.Flag!);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Flag} is accepted for compatibility with the Go providers and has no effect")]
    private static partial void LogIneffective(ILogger logger, string flag);
}
