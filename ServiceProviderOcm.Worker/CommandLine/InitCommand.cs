using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using ServiceProviderOcm.Worker.Hosting;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>init</c>: installs the prerequisites of <c>run</c>.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var command = new Command("init", "Install the CustomResourceDefinitions and register the kinds with the ServiceProvider");
        var flags = new SettingFlags(command, setting => !setting.IsForRun && !setting.HasNoEffect);
        command.SetAction((result, cancellationToken) => ProviderHost.RunAsync(
            flags.Given(result), AddServices, cancellationToken));
        return command;
    }

    /// <summary>Adds the services of <c>init</c>.</summary>
    public static void AddServices(IServiceCollection services) => services.AddHostedService<InitService>();
}
