using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using ServiceProviderOcm.Worker.Endpoints;
using ServiceProviderOcm.Worker.Hosting;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>run</c>: the controller.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Run the controller until stopped");
        var flags = new SettingFlags(command, setting => !setting.HasNoEffect);
        command.SetAction((result, cancellationToken) => ProviderHost.RunAsync(flags.Given(result), AddServices, cancellationToken));
        return command;
    }

    /// <summary>Adds the services of <c>run</c>.</summary>
    public static void AddServices(IServiceCollection services) => services
        .AddSingleton<HealthChecks>()
        .AddHostedService<EndpointsService>()
        .AddHostedService<ControllerService>();
}
