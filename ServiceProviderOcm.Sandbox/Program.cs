using ServiceProviderOcm.Sandbox.Demo.Running;
using ServiceProviderOcm.Worker.CommandLine;

return await ProviderCommand.InvokeAsync(SandboxCommand.Create(), args);
