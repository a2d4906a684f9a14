using System.CommandLine;
using ServiceProviderOcm.Worker;
using ServiceProviderOcm.Worker.CommandLine;

var root = new RootCommand("Offers the OCM K8s Toolkit to the tenants of an openMCP platform") { RunCommand.Create() };
var result = root.Parse(args);
if (result.Errors.Count > 0)
{
    foreach (var error in result.Errors)
    {
        await Console.Error.WriteLineAsync(error.Message);
    }

    await Console.Error.WriteLineAsync("See --help.");
    return ExitCodes.Usage;
}

return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
