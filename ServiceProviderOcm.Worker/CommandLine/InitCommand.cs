using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using ServiceProviderOcm.Worker.Hosting;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>init</c>: what has to be there before the controller runs.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var command = new Command("init", "Install the CustomResourceDefinitions on their clusters and report to the ServiceProvider");
        var flags = new SettingFlags(command, setting => !setting.IsForRun);
        command.SetAction((result, cancellationToken) => ProviderHost.RunAsync(
            flags.Given(result), AddServices, cancellationToken));
        return command;
    }

    /// <summary>What <c>init</c> consists of.</summary>
    public static void AddServices(IServiceCollection services) => services.AddHostedService<InitService>();
}
