using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Worker.Logging;
using ServiceProviderOcm.Worker.Telemetry;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>The host of a command's service: settings, logs and life cycle.</summary>
internal static class ProviderHost
{
    /// <summary>Runs services until they have ended or the process is to stop.</summary>
    /// <param name="flags">The settings given on the command line.</param>
    /// <param name="addServices">Adds the services.</param>
    /// <param name="cancellationToken">Stops the services.</param>
    /// <returns>The process' exit code.</returns>
    public static async Task<int> RunAsync(
        IEnumerable<KeyValuePair<string, string?>> flags, Action<IServiceCollection> addServices, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder;
        ProviderOptions options;
        try
        {
            builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
            builder.Configuration.AddInMemoryCollection(Variables());
            builder.Configuration.AddInMemoryCollection(flags);
            options = new OptionsFactory<ProviderOptions>(
                [new ProviderOptionsSetup(builder.Configuration)],
                [],
                [new ProviderOptionsValidator(), new OtlpEndpointsValidator(new OtlpEndpoints(builder.Configuration))]).Create(Options.DefaultName);
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidDataException)
        {
            await SayAsync(exception);
            return ExitCodes.Usage;
        }

        builder.Logging.AddLog(LevelOf(options), IsJson(options));
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.AddSingleton<Clusters>();
        addServices(builder.Services);
        using var host = builder.Build();
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

    private static IEnumerable<KeyValuePair<string, string?>> Variables() =>
        ProviderSettings.All
            .Where(setting => setting.Variable is not null)
            .Select(setting => KeyValuePair.Create(setting.Key, Environment.GetEnvironmentVariable(setting.Variable!)))
            .Where(setting => !string.IsNullOrEmpty(setting.Value));

    private static LogLevel LevelOf(ProviderOptions options) => options.Dev ? LogLevel.Debug : options.Verbosity switch
    {
        Verbosity.Error => LogLevel.Error,
        Verbosity.Debug => LogLevel.Debug,
        _ => LogLevel.Information,
    };

    private static bool IsJson(ProviderOptions options) => options.Format switch
    {
        LogFormat.Json => true,
        LogFormat.Text => false,
        _ => !options.Dev && !options.Cli && Console.IsOutputRedirected,
    };
}
