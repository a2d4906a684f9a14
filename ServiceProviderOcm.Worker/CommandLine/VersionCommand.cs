using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace ServiceProviderOcm.Worker.CommandLine;

/// <summary><c>version</c>: prints the version.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Print the version");
        command.SetAction(result => result.InvocationConfiguration.Output.WriteLine(
            $"service-provider-ocm {Version} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})"));
        return command;
    }

    private static string Version =>
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
