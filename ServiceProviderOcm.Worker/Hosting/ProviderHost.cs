using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Core.Controller;
using ServiceProviderOcm.Core.Kubernetes.Text;
using ServiceProviderOcm.Worker.Connections;
using ServiceProviderOcm.Worker.Lifetime;
using ServiceProviderOcm.Worker.Logging;
using ServiceProviderOcm.Worker.Settings;
using ServiceProviderOcm.Worker.Telemetry;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>The host of a command: settings, logs and lifetime.</summary>
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
        if (await ReadAsync(flags, new ProviderOptionsValidator()) is not (var builder, var options))
        {
            return ExitCodes.Usage;
        }

        builder.Logging.AddLog(LevelOf(options), IsJson(options));
        builder.Services.AddTelemetry(builder.Configuration);
        AddClusters(builder.Services, options);
        addServices(builder.Services);
        using var host = builder.Build();
        IneffectiveSettings.Log(builder.Configuration, host.Services.GetRequiredService<ILogger<ProviderOptions>>());
        Environment.ExitCode = ExitCodes.Success;
        await host.RunAsync(cancellationToken);
        return Environment.ExitCode;
    }

    /// <summary>Runs a command against the clusters, without a log: standard output is for its result.</summary>
    /// <param name="flags">The settings given on the command line.</param>
    /// <param name="validator">Validates the settings.</param>
    /// <param name="commandAsync">The command; returns the process' exit code.</param>
    /// <returns>The process' exit code.</returns>
    public static async Task<int> InspectAsync(
        IEnumerable<KeyValuePair<string, string?>> flags,
        ProviderOptionsValidator validator,
        Func<Clusters, GroupSelection, ProviderOptions, TimeProvider, Task<int>> commandAsync)
    {
        if (await ReadAsync(flags, validator) is not (var builder, var options))
        {
            return ExitCodes.Usage;
        }

        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ControllerMetrics>();
        AddClusters(builder.Services, options);
        using var host = builder.Build();
        return await commandAsync(
            host.Services.GetRequiredService<Clusters>(),
            host.Services.GetRequiredService<GroupSelection>(),
            options,
            host.Services.GetRequiredService<TimeProvider>());
    }

    private static async Task<(HostApplicationBuilder Builder, ProviderOptions Options)?> ReadAsync(
        IEnumerable<KeyValuePair<string, string?>> flags, ProviderOptionsValidator validator)
    {
        try
        {
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
            builder.Configuration.AddInMemoryCollection(Variables());
            builder.Configuration.AddInMemoryCollection(flags);
            var options = new OptionsFactory<ProviderOptions>(
                [new ProviderOptionsSetup(builder.Configuration)],
                [],
                [validator, new OtlpValidator(builder.Configuration)]).Create(Options.DefaultName);
            return (builder, options);
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidDataException)
        {
            await ReportAsync(exception);
            return null;
        }
    }

    private static void AddClusters(IServiceCollection services, ProviderOptions options) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton(Options.Create(options))
        .AddSingleton<Clusters>()
        .AddSingleton<GroupSelection>();

    private static async Task ReportAsync(Exception exception)
    {
        var errors = exception is OptionsValidationException validation ? validation.Failures : [exception.GetBaseException().Message];
        foreach (var error in errors)
        {
            await Console.Error.WriteLineAsync(PrintableText.OneLine(error));
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
