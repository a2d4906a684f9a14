using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Worker.CommandLine;
using ServiceProviderOcm.Worker.Logging;
using ServiceProviderOcm.Worker.Telemetry;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>The host of the controller: settings, logs and life cycle.</summary>
internal static class ControllerHost
{
    public static async Task<int> RunAsync(
        IEnumerable<KeyValuePair<string, string?>> flags, Verbosity verbosity, bool isJson, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        AddSettings(builder.Configuration, flags);
        builder.Logging.AddLog(LevelOf(verbosity), isJson);
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IValidateOptions<ProviderOptions>, ProviderOptionsValidator>();
        builder.Services.AddOptions<ProviderOptions>().BindConfiguration(ProviderOptions.Section);
        builder.Services.AddHostedService<ControllerService>();
        using var host = builder.Build();
        try
        {
            _ = host.Services.GetRequiredService<IOptions<ProviderOptions>>().Value;
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
        {
            await SayAsync(exception);
            return ExitCodes.Usage;
        }

        Environment.ExitCode = ExitCodes.Success;
        await host.RunAsync(cancellationToken);
        return Environment.ExitCode;
    }

    private static async Task SayAsync(Exception exception)
    {
        var faults = exception is OptionsValidationException validation ? validation.Failures : [exception.GetBaseException().Message];
        foreach (var fault in faults)
        {
            await Console.Error.WriteLineAsync(fault);
        }
    }

    private static void AddSettings(ConfigurationManager configuration, IEnumerable<KeyValuePair<string, string?>> flags)
    {
        if (Environment.GetEnvironmentVariable("POD_NAMESPACE") is { Length: > 0 } podNamespace)
        {
            configuration.AddInMemoryCollection(
                [new($"{ProviderOptions.Section}:{nameof(ProviderOptions.PodNamespace)}", podNamespace)]);
        }

        configuration.AddInMemoryCollection(flags);
    }

    private static LogLevel LevelOf(Verbosity verbosity) => verbosity switch
    {
        Verbosity.Error => LogLevel.Error,
        Verbosity.Debug => LogLevel.Debug,
        _ => LogLevel.Information,
    };
}
