@echo off
rem Fetches deepseek-coder-v2:16b-lite-instruct-q4_K_M and makes the local model deepseek-coder-v2-lite:instruct of it: commander models setup.
setlocal
set "CODE=3"
cd /d "%~dp0.." || goto end

set "TOOL=uv"
where uv >nul 2>nul && goto run
set "TOOL=py -m uv"
py -m uv --version >nul 2>nul && goto run
py -m pip install --user uv && goto run
set "TOOL=python -m uv"
python -m pip install --user uv && goto run
echo setup: uv is not there, and pip cannot install it; next: install Python from https://www.python.org/downloads/ and start this again
goto end

:run
%TOOL% run python -m commander models setup deepseek-coder-v2-lite:instruct %*
set "CODE=%ERRORLEVEL%"

:end
if not "%CODE%"=="0" pause
exit /b %CODE%
