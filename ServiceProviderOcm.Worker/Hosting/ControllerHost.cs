using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceProviderOcm.Worker.CommandLine;

namespace ServiceProviderOcm.Worker.Hosting;

/// <summary>The host of the controller: settings, logs and life cycle.</summary>
internal static class ControllerHost
{
    public static async Task<int> RunAsync(
        IEnumerable<KeyValuePair<string, string?>> flags, Verbosity verbosity, bool isJson, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        AddSettings(builder.Configuration, flags);
        AddLogging(builder.Logging, verbosity, isJson);
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
        AddVariable("POD_NAMESPACE", nameof(ProviderOptions.PodNamespace));
        AddVariable("POD_NAME", nameof(ProviderOptions.PodName));
        configuration.AddInMemoryCollection(flags);

        void AddVariable(string variable, string setting)
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            {
                configuration.AddInMemoryCollection([new($"{ProviderOptions.Section}:{setting}", value)]);
            }
        }
    }

    private static void AddLogging(ILoggingBuilder logging, Verbosity verbosity, bool isJson)
    {
        logging.ClearProviders();
        var level = verbosity switch
        {
            Verbosity.Error => LogLevel.Error,
            Verbosity.Debug => LogLevel.Debug,
            _ => LogLevel.Information,
        };
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);
        if (isJson)
        {
            logging.AddJsonConsole(options =>
            {
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        }
        else
        {
            logging.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.UseUtcTimestamp = true;
                options.TimestampFormat = "HH:mm:ss.fff ";
            });
        }
    }
}
