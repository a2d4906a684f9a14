using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ServiceProviderOcm.Worker.Logging;

/// <summary>The log on standard output: one line per event.</summary>
internal static class LoggingSetup
{
    /// <summary>Sets up the log.</summary>
    /// <param name="logging">The host's logging.</param>
    /// <param name="level">What is logged at least.</param>
    /// <param name="isJson">JSON for collectors of logs, or text for people.</param>
    public static void AddLog(this ILoggingBuilder logging, LogLevel level, bool isJson)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        foreach (var library in (ReadOnlySpan<string>)["Microsoft", "System"])
        {
            logging.AddFilter(library, level > LogLevel.Warning ? level : LogLevel.Warning);
        }

        logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        logging.Services.AddSingleton<ConsoleFormatter, JsonLineFormatter>().AddSingleton<ConsoleFormatter, TextLineFormatter>();
        logging.AddConsole(options => options.FormatterName = isJson ? JsonLineFormatter.FormatterName : TextLineFormatter.FormatterName);
    }
}
