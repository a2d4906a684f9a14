using Microsoft.Extensions.Logging;

namespace ServiceProviderOcm.Worker.Logging;

/// <summary>The names of levels that collectors of Kubernetes' logs know.</summary>
internal static class LevelNames
{
    public static string Of(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };
}
